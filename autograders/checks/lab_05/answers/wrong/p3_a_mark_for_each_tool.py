"""A mark for each tool: the slower tool's newest load is written again."""
# loses: check_only_new_rows_are_written
# %% fct_product_events
def fct_product_events() -> str:
    return r'''
{{ config(materialized='incremental', unique_key='event_id') }}
select *, {{ company_date('occurred_at') }} as occurred_on, {{ company_date('occurred_at', 'week') }} as occurred_week
from {{ ref('int_product_events_unioned') }}
{% if is_incremental() %}
where loaded_at >= coalesce(
    (select max(done.loaded_at) from {{ this }} as done where done.tool = int_product_events_unioned.tool), '1900-01-01')
{% endif %}
'''
