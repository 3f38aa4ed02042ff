"""Begins with the load of the event that occurred last, which older loads follow."""
# loses: check_only_new_rows_are_written
# %% fct_product_events
def fct_product_events():
    return """
{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='event_id') }}
select new.*, {{ company_date('occurred_at') }} as occurred_on, {{ company_date('occurred_at', 'week') }} as occurred_week
from {{ ref('int_product_events_unioned') }} as new
{% if is_incremental() %}
where loaded_at >= coalesce((select arg_max(loaded_at, occurred_at) from {{ this }}), '-infinity'::timestamptz)
{% endif %}
"""
