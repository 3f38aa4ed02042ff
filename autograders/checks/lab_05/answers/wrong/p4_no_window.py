"""A step counts whenever it was taken."""
# loses: check_funnel_within_28_days
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
            where s.household_id = homes.household_id) as subscribed,
        (select count(*) from {{ ref('stg_production__orders') }} as o
            where o.household_id = homes.household_id) as orders
    from homes
)
select month, count(*) as signed_up,
    count(*) filter (where subscribed) as subscribed,
    count(*) filter (where subscribed and orders >= 1) as ordered,
    count(*) filter (where subscribed and orders >= 2) as ordered_again
from reached
group by month
"""
