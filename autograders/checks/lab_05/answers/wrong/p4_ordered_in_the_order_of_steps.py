"""An order before the subscription does not count."""
# loses: check_funnel_steps_in_order
# %% fct_funnel
def fct_funnel():
    return """
with homes as (
    select household_id, {{ company_date('signed_up_at', 'month') }} as month,
        signed_up_at + interval '28 days' as until
    from {{ ref('stg_production__households') }}
),
reached as (
    select
        month,
        exists (select 1 from {{ ref('stg_production__subscriptions') }} as s
            where s.household_id = homes.household_id and s.started_at < until) as subscribed,
        (select count(*) from {{ ref('stg_production__orders') }} as o
            where o.household_id = homes.household_id and o.placed_at < until
                and o.placed_at >= (select min(s.started_at) from {{ ref('stg_production__subscriptions') }} as s
                    where s.household_id = homes.household_id)) as orders
    from homes
)
select month, count(*) as signed_up,
    count(*) filter (where subscribed) as subscribed,
    count(*) filter (where subscribed and orders >= 1) as ordered,
    count(*) filter (where subscribed and orders >= 2) as ordered_again
from reached
group by month
"""
