{# The clock on the company's wall at a moment: what days, weeks and months are counted by. #}
{% macro company_time(moment) -%}
    ({{ moment }} at time zone '{{ var("company_time_zone") }}')
{%- endmacro %}

{# The first day of the company's day, week (from Monday) or month that a moment lies in. #}
{% macro company_date(moment, grain='day') -%}
    cast(date_trunc('{{ grain }}', {{ company_time(moment) }}) as date)
{%- endmacro %}

{# The moment at which the company's month is over, given its first day; the running one ends with the last load. #}
{% macro end_of_company_month(month) -%}
    least(
        cast({{ month }} + interval '1 month' as timestamp) at time zone '{{ var("company_time_zone") }}',
        {{ as_of() }}
    )
{%- endmacro %}

{% macro as_of() -%}
    cast('{{ var("as_of") }}' as timestamp with time zone)
{%- endmacro %}

{# A moment that a source keeps in UTC without saying so. #}
{% macro from_utc(column) -%}
    ({{ column }} at time zone 'UTC')
{%- endmacro %}
