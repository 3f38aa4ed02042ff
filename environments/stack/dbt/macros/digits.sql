{# The last ten digits of a telephone number, however it is written. #}
{% macro phone_digits(column) -%}
    right({{ only_characters(column, '0-9') }}, 10)
{%- endmacro %}

{# A text without all characters but these: only_characters('phone', '0-9'). #}
{% macro only_characters(column, kept) -%}
    {{ adapter.dispatch('only_characters')(column, kept) }}
{%- endmacro %}

{% macro default__only_characters(column, kept) -%}
    regexp_replace({{ column }}, '[^{{ kept }}]', '', 'g')
{%- endmacro %}

{# These two replace all that match, and have no flag for it: Snowflake would take 'g' for the position to begin at. #}
{% macro snowflake__only_characters(column, kept) -%}
    regexp_replace({{ column }}, '[^{{ kept }}]', '')
{%- endmacro %}

{% macro bigquery__only_characters(column, kept) -%}
    regexp_replace({{ column }}, '[^{{ kept }}]', '')
{%- endmacro %}

{# A text as two people would write it the same: without spaces around it, the one that cannot be seen included. #}
{% macro tidy(column) -%}
    nullif(lower(trim(replace({{ column }}, chr(160), ' '))), '')
{%- endmacro %}
