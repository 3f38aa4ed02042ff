{# An event's name as the tracking plan has it, whichever way the app spelt it: recipe_viewed, recipeViewed, recipe-viewed
   and "recipe viewed" are "Recipe Viewed". #}
{% macro event_name(column) -%}
    case lower({{ only_characters(column, 'A-Za-z') }})
    {%- for name in [
        'Landing Viewed', 'Signed Up', 'Subscription Started', 'App Opened', 'Menu Viewed', 'Recipe Viewed',
        'Recipe Searched', 'Recipe Saved', 'Recipe Added', 'Recipe Removed', 'Recipe Rated', 'Box Viewed',
        'Checkout Started', 'Order Placed'
    ] %}
        when '{{ name | lower | replace(" ", "") }}' then '{{ name }}'
    {%- endfor %}
    end
{%- endmacro %}
