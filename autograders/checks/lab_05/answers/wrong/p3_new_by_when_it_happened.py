"""The wrong clock: late events never come in."""
# loses: check_incremental_is_full_refresh, check_only_new_rows_are_written
# %% fct_product_events
def fct_product_events() -> str:
    return """
{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='event_id') }}
select *, {{ company_date('occurred_at') }} as occurred_on,
    {{ company_date('occurred_at', 'week') }} as occurred_week
from {{ ref('int_product_events_unioned') }}
{% if is_incremental() %}
where occurred_at >= (select coalesce(max(occurred_at), '-infinity') from {{ this }})
{% endif %}
"""
