"""ASOF JOIN alone: the last price of a plan that is gone goes on."""
# loses: check_prices_of_their_day
# %% fct_subscription_starts
def fct_subscription_starts() -> str:
    return """
select s.subscription_id, s.plan_id, s.started_at, v.monthly_price_cents as list_price_cents
from {{ ref('stg_production__subscriptions') }} as s
asof left join (
    select plan_id, monthly_price_cents, case when row_number() over (partition by plan_id order by dbt_valid_from) = 1
        then timestamptz '-infinity' else {{ from_utc('dbt_valid_from') }} end as since
    from {{ ref('plans_snapshot') }}) as v on s.plan_id = v.plan_id and s.started_at >= v.since
"""
