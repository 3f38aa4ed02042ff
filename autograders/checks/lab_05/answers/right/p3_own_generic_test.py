"""A window that counts copies, a subquery for the price of the day."""
# %% movement_tests
def movement_tests() -> str:
    return """
models:
  - name: fct_mrr_movements
    data_tests:
      - unique_together:
          arguments: {columns: [household_id, month]}
    columns:
      - name: household_id
        data_tests:
          - not_null
          - relationships:
              arguments: {to: ref('dim_customers'), field: customer_id}
      - name: movement
        data_tests:
          - not_null
          - accepted_values:
              arguments:
                values: [new, expansion, contraction, churn, reactivation, none]
"""
# %% movements_follow
def movements_follow() -> str:
    return """
{{ config(severity='error', store_failures=true) }}
with m as (
    select *, lag(month) over w as last_month, lag(closing_mrr_cents) over w as last_closing
    from {{ ref('fct_mrr_movements') }}
    window w as (partition by household_id order by month)
)
select household_id, month from m
where opening_mrr_cents <> case when last_month = month - interval 1 month then last_closing else 0 end
    or change_cents + opening_mrr_cents <> closing_mrr_cents
    or (change_cents > 0) <> (movement in ('new', 'expansion', 'reactivation'))
    or (change_cents < 0) <> (movement in ('contraction', 'churn'))
"""
# %% revenue_reconciles
def revenue_reconciles() -> str:
    return """
with ours as (select month, net_revenue_cents::hugeint as cents from {{ ref('fct_net_revenue') }}),
theirs as (
    select {{ company_date('created_at', 'month') }} as month, sum(net_cents) as cents
    from {{ ref('stg_stripe__balance_transactions') }} where reporting_category not in ('payout') group by all)
select distinct month from ((from ours except from theirs) union all (from theirs except from ours))
"""
# %% fct_subscription_starts
def fct_subscription_starts() -> str:
    return """
select subscription_id, plan_id, started_at, case
    when started_at < (select min(timezone('UTC', dbt_valid_from)) from {{ ref('plans_snapshot') }} as v
                       where v.plan_id = s.plan_id)
    then (select arg_min(monthly_price_cents, dbt_valid_from) from {{ ref('plans_snapshot') }} as v
          where v.plan_id = s.plan_id)
    else (select max(monthly_price_cents) from {{ ref('plans_snapshot') }} as v where v.plan_id = s.plan_id
          and timezone('UTC', dbt_valid_from) <= started_at
          and (dbt_valid_to is null or timezone('UTC', dbt_valid_to) > started_at)) end as list_price_cents
from {{ ref('stg_production__subscriptions') }} as s
"""
