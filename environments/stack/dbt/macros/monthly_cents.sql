{# What a price is worth a month, in hundredths of its currency: a yearly one is a twelfth. #}
{% macro monthly_cents(amount, interval, interval_count) -%}
    cast(round({{ amount }} / (
        case {{ interval }} when 'year' then 12.0 when 'month' then 1.0 end * {{ interval_count }}
    )) as bigint)
{%- endmacro %}
