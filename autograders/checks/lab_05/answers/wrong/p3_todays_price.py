"""The current plan used for history."""
# loses: check_prices_of_their_day
# %% fct_subscription_starts
def fct_subscription_starts() -> str:
    return """
select s.subscription_id, s.plan_id, s.started_at, p.monthly_price_cents as list_price_cents
from {{ ref('stg_production__subscriptions') }} as s
left join {{ ref('stg_production__plans') }} as p on s.plan_id = p.plan_id
"""
