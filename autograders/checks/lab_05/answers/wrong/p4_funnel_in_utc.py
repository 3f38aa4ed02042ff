"""Sign-ups by months in UTC."""
# loses: check_funnel_steps_in_order, check_funnel_within_28_days
# %% fct_funnel
def fct_funnel():
    return """
with homes as (
    select household_id, cast(date_trunc('month', signed_up_at) as date) as month,
        signed_up_at + interval '28 days' as until
    from {{ ref('stg_production__households') }}
),
reached as (
    select
        month,
        exists (select 1 from {{ ref('stg_production__subscriptions') }} as s
            where s.household_id = homes.household_id and s.started_at < until) as subscribed,
        (select count(*) from {{ ref('stg_production__orders') }} as o
            where o.household_id = homes.household_id and o.placed_at < until) as orders
    from homes
)
select month, count(*) as signed_up,
    count(*) filter (where subscribed) as subscribed,
    count(*) filter (where subscribed and orders >= 1) as ordered,
    count(*) filter (where subscribed and orders >= 2) as ordered_again
from reached
group by month
"""
