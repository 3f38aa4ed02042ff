{# The newest value of a column of an incremental model as it stands, as text; none where it has no rows. It is asked
   before the model runs: by a constant a database leaves rows out while it reads them, by a subquery DuckDB makes all
   of them first. #}
{% macro newest_kept(column) -%}
    {{ return(run_query('select cast(max(' ~ column ~ ') as ' ~ dbt.type_string() ~ ') from ' ~ this).columns[0][0]) }}
{%- endmacro %}
