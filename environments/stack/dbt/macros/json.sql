{# The text at a path of a JSON column, NULL where there is none: json_text('_payload', ['metadata', 'plan_id']).
   A whole number in the path is a place in a list, from 0. #}
{% macro json_text(column, path) -%}
    {{ adapter.dispatch('json_text')(column, path) }}
{%- endmacro %}

{% macro default__json_text(column, path) -%}
    json_extract_string({{ column }}, '$
    {%- for step in path -%}
        {%- if step is integer -%}[{{ step }}]{%- else -%}."{{ step }}"{%- endif -%}
    {%- endfor -%}')
{%- endmacro %}

{% macro postgres__json_text(column, path) -%}
    ({{ column }} #>> '{ {{- path | join(',') -}} }')
{%- endmacro %}

{# A JSON object without some of its fields, as text: what two copies of a record have in common. #}
{% macro json_without(column, fields) -%}
    {{ adapter.dispatch('json_without')(column, fields) }}
{%- endmacro %}

{% macro default__json_without(column, fields) -%}
    cast(json_merge_patch({{ column }}, '{
    {%- for field in fields -%}"{{ field }}": null{% if not loop.last %}, {% endif %}{%- endfor -%}
    }') as varchar)
{%- endmacro %}

{% macro postgres__json_without(column, fields) -%}
    cast(cast({{ column }} as jsonb)
    {%- for field in fields %} - '{{ field }}'{% endfor %} as text)
{%- endmacro %}

{% macro snowflake__json_without(column, fields) -%}
    cast(object_delete(as_object({{ column }})
    {%- for field in fields %}, '{{ field }}'{% endfor %}) as varchar)
{%- endmacro %}

{% macro bigquery__json_without(column, fields) -%}
    to_json_string(json_remove({{ column }}
    {%- for field in fields %}, '$."{{ field }}"'{% endfor %}))
{%- endmacro %}

{# An object inside a JSON column. #}
{% macro json_object(column, name) -%}
    {{ adapter.dispatch('json_object')(column, name) }}
{%- endmacro %}

{% macro default__json_object(column, name) -%}
    json_extract({{ column }}, '$."{{ name }}"')
{%- endmacro %}

{% macro postgres__json_object(column, name) -%}
    ({{ column }} -> '{{ name }}')
{%- endmacro %}
