"""Before the first version the plan's lowest price, not its first."""
# loses: check_prices_of_their_day
# %% fct_subscription_starts
def fct_subscription_starts() -> str:
    return r'''
select s.subscription_id, s.plan_id, s.started_at,  coalesce(v.monthly_price_cents, case when (s.started_at at time zone 'UTC') < (select min(dbt_valid_from) from {{ ref('plans_snapshot') }} as f where f.plan_id = s.plan_id)
    then (select min(monthly_price_cents) from {{ ref('plans_snapshot') }} as f where f.plan_id = s.plan_id) end) as list_price_cents
from {{ ref('stg_production__subscriptions') }} as s left join {{ ref('plans_snapshot') }} as v on v.plan_id = s.plan_id and (s.started_at at time zone 'UTC') >= v.dbt_valid_from and (s.started_at at time zone 'UTC') < coalesce(v.dbt_valid_to, 'infinity')
'''
