{# The texts at several paths of a JSON column, as columns of these names, in two steps: json_texts('_payload', paths)
   makes a list of them, and json_columns(list, paths) in the next select takes it apart. A text that json_text takes
   alone is read anew for each column: of wide records that costs many times the memory and the time. #}
{% macro json_texts(column, paths) -%}
    {{ adapter.dispatch('json_texts')(column, paths) }}
{%- endmacro %}

{% macro default__json_texts(column, paths) -%}
    json_extract_string({{ column }}, [
    {%- for path in paths.values() %}
        '$
        {%- for step in path -%}
            {%- if step is integer -%}[{{ step }}]{%- else -%}."{{ step }}"{%- endif -%}
        {%- endfor -%}'{{ ',' if not loop.last }}
    {%- endfor %}
    ])
{%- endmacro %}

{% macro postgres__json_texts(column, paths) -%}
    array[
    {%- for path in paths.values() %}
        {{ json_text(column, path) }}{{ ',' if not loop.last }}
    {%- endfor %}
    ]
{%- endmacro %}

{% macro snowflake__json_texts(column, paths) -%}
    [
    {%- for path in paths.values() %}
        {{ json_text(column, path) }}{{ ',' if not loop.last }}
    {%- endfor %}
    ]
{%- endmacro %}

{% macro bigquery__json_texts(column, paths) -%}
    {{ snowflake__json_texts(column, paths) }}
{%- endmacro %}

{% macro json_columns(texts, paths) -%}
    {%- for name in paths %}
        {{ texts }}[{{ loop.index }}] as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
