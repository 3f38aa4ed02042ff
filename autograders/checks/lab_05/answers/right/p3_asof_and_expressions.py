"""A key made from two columns, full outer sums, ASOF JOIN."""
# %% movement_tests
def movement_tests() -> str:
    return """
version: 2
models:
  - name: fct_mrr_movements
    data_tests:
      - unique:
          arguments: {column_name: "household_id || ' ' || month"}
    columns:
      - name: household_id
        data_tests:
          - relationships:
              arguments: {to: ref('dim_customers'), field: customer_id}
      - name: movement
        data_tests:
          - accepted_values:
              name: known_movements
              arguments: {values: [new, expansion, contraction, churn, reactivation, none]}
          - not_null: {config: {store_failures: true}}
"""
# %% movements_follow
def movements_follow() -> str:
    return """
select * from {{ ref('fct_mrr_movements') }} as m
where m.change_cents != m.closing_mrr_cents - m.opening_mrr_cents
or case m.movement when 'none' then m.change_cents <> 0 when 'churn' then m.change_cents >= 0
    when 'contraction' then m.change_cents >= 0 else m.change_cents <= 0 end
or m.opening_mrr_cents != (
    select coalesce(sum(b.closing_mrr_cents), 0) from {{ ref('fct_mrr_movements') }} as b
    where b.household_id = m.household_id and b.month = date_add(m.month, interval (-1) month))
"""
# %% revenue_reconciles
def revenue_reconciles() -> str:
    return """
select month, sum(cents) from (
    select 'mart' as side, month, net_revenue_cents as cents from {{ ref('fct_net_revenue') }}
    union all
    select 'Stripe', cast(date_trunc('month', created_at at time zone 'America/New_York') as date), -net_cents
    from {{ ref('stg_stripe__balance_transactions') }} where reporting_category != 'payout')
group by month having sum(cents) != 0 or count(distinct side) < 2
"""
# %% after_the_ticket
after_the_ticket = str
# %% fct_product_events
def fct_product_events() -> str:
    return """
{{ config(materialized='incremental', unique_key=['event_id'], on_schema_change='fail') }}
{% set since = "(select max(loaded_at) from " ~ this ~ ")" %}
select *,
    cast(timezone('America/New_York', occurred_at) as date) as occurred_on,
    cast(date_trunc('week', timezone('America/New_York', occurred_at)) as date) as occurred_week
from {{ ref('int_product_events_unioned') }}
{% if is_incremental() %} where {{ since }} is null or loaded_at >= {{ since }} {% endif %}
"""
# %% plans_snapshot
def plans_snapshot() -> str:
    return """
version: 2
snapshots:
  - name: plans_snapshot
    relation: ref('stg_production__plans')
    config: {unique_key: [plan_id], strategy: check, check_cols: all, hard_deletes: invalidate}
"""
# %% fct_subscription_starts
def fct_subscription_starts() -> str:
    return """
with v as (
    select *, min(dbt_valid_from) over (partition by plan_id) as first_from
    from {{ ref('plans_snapshot') }}
)
select s.subscription_id, s.plan_id, s.started_at,
    case when s.started_at < coalesce(v.dbt_valid_to at time zone 'UTC', 'infinity') then v.monthly_price_cents end
        as list_price_cents
from {{ ref('stg_production__subscriptions') }} as s
asof left join v on s.plan_id = v.plan_id
    and s.started_at >= case when v.dbt_valid_from = v.first_from then timestamptz '-infinity'
        else v.dbt_valid_from at time zone 'UTC' end
"""
