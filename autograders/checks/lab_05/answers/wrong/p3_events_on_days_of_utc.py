"""Days and weeks of UTC: an evening in New York is tomorrow."""
# loses: check_incremental_is_full_refresh
# %% fct_product_events
def fct_product_events() -> str:
    return """
{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='event_id') }}
select *, cast(occurred_at as date) as occurred_on, cast(date_trunc('week', occurred_at) as date) as occurred_week
from {{ ref('int_product_events_unioned') }}
{% if is_incremental() %}
where loaded_at >= (select coalesce(max(loaded_at), '-infinity') from {{ this }})
{% endif %}
"""
