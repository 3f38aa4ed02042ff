"""Who ordered three times ordered not twice."""
# loses: check_funnel_steps_in_order
# %% fct_funnel
def fct_funnel():
    return """
with steps as (
    select h.household_id, h.signed_up_at,
        exists (select 1 from {{ ref('stg_production__subscriptions') }} s where s.household_id = h.household_id and s.started_at < h.signed_up_at + interval '672 hours') as sub,
        (select count(*) from {{ ref('stg_production__orders') }} o where o.household_id = h.household_id and o.placed_at < h.signed_up_at + interval '672 hours') as n
    from {{ ref('stg_production__households') }} h
)
select {{ company_date('signed_up_at', 'month') }} as month, count(*) as signed_up,
    count(*) filter (where sub) as subscribed, count(*) filter (where sub and n >= 1) as ordered, count(*) filter (where sub and n = 2) as ordered_again
from steps group by 1
"""
