"""Events before a sign-up, without a person, are left out."""
# loses: check_incremental_is_full_refresh
# %% fct_product_events
def fct_product_events() -> str:
    return r'''
{{ config(materialized='incremental', unique_key='event_id') }}
select *, {{ company_date('occurred_at') }} as occurred_on, {{ company_date('occurred_at', 'week') }} as occurred_week
from (from {{ ref('int_product_events_unioned') }} where person_id is not null)
{% if is_incremental() %}
where loaded_at >= (select coalesce(max(loaded_at), '1900-01-01') from {{ this }})
{% endif %}
'''
