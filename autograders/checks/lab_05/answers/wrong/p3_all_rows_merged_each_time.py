"""Incremental by name: no filter, so all rows are written again."""
# loses: check_only_new_rows_are_written
# %% fct_product_events
def fct_product_events() -> str:
    return """
{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='event_id') }}
select *, {{ company_date('occurred_at') }} as occurred_on,
    {{ company_date('occurred_at', 'week') }} as occurred_week
from {{ ref('int_product_events_unioned') }}
"""
