{# The last ten digits of a telephone number, however it is written. #}
{% macro phone_digits(column) -%}
    right(regexp_replace({{ column }}, '[^0-9]', '', 'g'), 10)
{%- endmacro %}

{# A text as two people would write it the same: without spaces around it, the one that cannot be seen included. #}
{% macro tidy(column) -%}
    nullif(lower(trim(replace({{ column }}, chr(160), ' '))), '')
{%- endmacro %}
