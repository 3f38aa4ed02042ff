"""The end is the next version's begin: a gap between two versions is not one."""
# loses: check_prices_of_their_day
# %% fct_subscription_starts
def fct_subscription_starts() -> str:
    return r'''
with v as (select plan_id, monthly_price_cents, dbt_valid_from, dbt_valid_to,
    row_number() over w as n, lead(dbt_valid_from) over w as next_from from {{ ref('plans_snapshot') }} window w as (partition by plan_id order by dbt_valid_from))
select s.subscription_id, s.plan_id, s.started_at,  v.monthly_price_cents as list_price_cents from {{ ref('stg_production__subscriptions') }} as s left join v
on v.plan_id = s.plan_id and ((s.started_at at time zone 'UTC') >= v.dbt_valid_from or n = 1) and (s.started_at at time zone 'UTC') < coalesce(v.next_from, v.dbt_valid_to, 'infinity')
'''
