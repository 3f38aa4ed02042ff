"""A symmetric difference of texts, unit tests as CSV, merge with a mark asked by Jinja, a snapshot in older words, and subqueries."""
# %% revenue_reconciles
def revenue_reconciles() -> str:
    return r'''
{% set mart %}select strftime(month, '%Y-%m') as m, net_revenue_cents::hugeint as cents from {{ ref('fct_net_revenue') }}{% endset %}
{% set balance %}select strftime({{ company_time('created_at') }}, '%Y-%m') as m, sum(net_cents)::hugeint as cents
from {{ ref('stg_stripe__balance_transactions') }} where reporting_category != 'payout' group by all{% endset %}
select distinct m from (
    (({{ mart }}) except ({{ balance }})) union (({{ balance }}) except ({{ mart }}))
)
'''
# %% period_unit_tests
def period_unit_tests() -> str:
    return '''
version: 2
unit_tests:
  - name: worth_of_periods
    description: A trial becomes a paid period in Canada.
    model: int_subscription_periods
    given:
      - input: ref('stg_stripe__subscription_events')
        format: csv
        rows: |
          event_id,subscription_id,occurred_at,status,currency,monthly_amount,period_starts_at,is_paused
          e1,s1,2026-01-01 00:00:00+00,trialing,cad,4900,2026-01-01 00:00:00+00,false
          e2,s1,2026-01-15 00:00:00+00,past_due,cad,4900,2026-01-15 00:00:00+00,false
      - input: ref('budget_rates')
        format: sql
        rows: select 'cad' as currency, 5000::bigint as usd_cents_per_10000
    expect:
      format: csv
      rows: |
        subscription_period_id,mrr_cents
        e2,2450
        e1,0
'''
# %% after_the_ticket
def after_the_ticket(sql) -> str:
    return ''.join(line for line in sql.splitlines(keepends=True))
# %% fct_product_events
def fct_product_events() -> str:
    return r'''
{{ config(materialized='incremental', incremental_strategy='merge', unique_key='event_id') }}
{% set mark = none %}
{% if is_incremental() and execute %}
    {% set mark = run_query("select cast(max(loaded_at) as varchar) from " ~ this).columns[0].values()[0] %}
{% endif %}
select events.*,
    (occurred_at at time zone 'America/New_York')::date as occurred_on,
    occurred_on - (isodow(occurred_on) - 1)::int as occurred_week
from {{ ref('int_product_events_unioned') }} as events
{% if mark %} where loaded_at >= '{{ mark }}'::timestamptz {% endif %}
'''
# %% plans_snapshot
def plans_snapshot() -> str:
    return '''
version: 2
snapshots:
  - name: plans_snapshot
    relation: ref("stg_production__plans")
    config:
      strategy: check
      check_cols: all
      unique_key: [plan_id]
      target_schema: staging
      invalidate_hard_deletes: true
'''
# %% fct_subscription_starts
def fct_subscription_starts() -> str:
    return r'''
{{ config(materialized='view') }}
select cast(s.subscription_id as bigint) as subscription_id, cast(s.plan_id as bigint) as plan_id, s.started_at,  case
    when s.started_at < (select min(timezone('UTC', f.dbt_valid_from)) from {{ ref('plans_snapshot') }} as f where f.plan_id = s.plan_id)
        then (select arg_min(f.monthly_price_cents, f.dbt_valid_from) from {{ ref('plans_snapshot') }} as f where f.plan_id = s.plan_id)
    else (select max(v.monthly_price_cents) from {{ ref('plans_snapshot') }} as v where v.plan_id = s.plan_id
        and timezone('UTC', v.dbt_valid_from) <= s.started_at
        and (v.dbt_valid_to is null or timezone('UTC', v.dbt_valid_to) > s.started_at))
    end::bigint as list_price_cents
from {{ ref('stg_production__subscriptions') }} as s
'''
