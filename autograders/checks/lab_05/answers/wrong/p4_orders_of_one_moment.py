"""Two orders of one moment count once."""
# loses: check_funnel_steps_in_order
# %% fct_funnel
def fct_funnel() -> str:
    return """
with steps as (
    select h.household_id, {{ company_date('signed_up_at', 'month') }} as month,
        exists (select 1 from {{ ref('stg_production__subscriptions') }} as s
            where s.household_id = h.household_id
            and s.started_at < h.signed_up_at + interval '672 hours') as s,
        (select count(distinct placed_at) from {{ ref('stg_production__orders') }} as o
            where o.household_id = h.household_id
            and o.placed_at < h.signed_up_at + interval '672 hours') as o
    from {{ ref('stg_production__households') }} as h
)
select month, count(*) as signed_up, count(*) filter (where s) as subscribed,
    count(*) filter (where s and o >= 1) as ordered, count(*) filter (where s and o >= 2) as ordered_again
from steps group by month
"""
