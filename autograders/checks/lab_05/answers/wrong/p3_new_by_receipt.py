"""By when the tool had it, not by when the warehouse did."""
# loses: check_incremental_is_full_refresh, check_only_new_rows_are_written
# %% fct_product_events
def fct_product_events() -> str:
    return r'''
{{ config(materialized='incremental', unique_key='event_id') }}
select *, {{ company_date('occurred_at') }} as occurred_on, {{ company_date('occurred_at', 'week') }} as occurred_week
from {{ ref('int_product_events_unioned') }}
{% if is_incremental() %}
where received_at >= (select coalesce(max(received_at), '1900-01-01') from {{ this }})
{% endif %}
'''
