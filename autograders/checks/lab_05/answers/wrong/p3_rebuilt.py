"""A table, rebuilt each time."""
# loses: check_only_new_rows_are_written
# %% fct_product_events
def fct_product_events() -> str:
    return """
{{ config(materialized='table') }}
select *, {{ company_date('occurred_at') }} as occurred_on,
    {{ company_date('occurred_at', 'week') }} as occurred_week
from {{ ref('int_product_events_unioned') }}
{% if is_incremental() %}
where loaded_at >= (select coalesce(max(loaded_at), '-infinity') from {{ this }})
{% endif %}
"""
