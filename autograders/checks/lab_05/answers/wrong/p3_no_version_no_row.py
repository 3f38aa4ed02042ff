"""An inner join loses subscriptions without a version."""
# loses: check_prices_of_their_day
# %% fct_subscription_starts
def fct_subscription_starts() -> str:
    return """
with versions as (
    select
        plan_id, monthly_price_cents, {{ from_utc('dbt_valid_to') }} as valid_to,
        case when row_number() over (partition by plan_id order by dbt_valid_from) = 1
            then timestamptz '-infinity' else {{ from_utc('dbt_valid_from') }} end as valid_from
    from {{ ref('plans_snapshot') }}
)
select s.subscription_id, s.plan_id, s.started_at, v.monthly_price_cents as list_price_cents
from {{ ref('stg_production__subscriptions') }} as s
inner join versions as v
    on v.plan_id = s.plan_id and s.started_at >= v.valid_from
    and (s.started_at < v.valid_to or v.valid_to is null)
"""
