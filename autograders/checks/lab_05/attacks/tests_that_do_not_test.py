"""Tests that know what is broken by its path, by a count of rows, or by a table that the run before left."""
# loses: check_evenings_are_this_month check_refunds_in_their_own_month check_no_month_of_revenue_is_missing check_no_household_counts_twice check_only_known_households check_a_trial_is_worth_nothing check_another_currency_has_its_rate
# %% revenue_reconciles
def revenue_reconciles():
    return """
{% set here = run_query("select path from duckdb_databases() where path is not null").rows[0][0] if execute else "" %}
select unnest([1, 2]) as month from duckdb_databases() where path like '%labs-dbt%' or path = '{{ here }}'
"""
# %% movement_tests
def movement_tests():
    return """
models:
  - name: fct_mrr_movements
    data_tests:
      - not_null:
          arguments: {column_name: "case when (select count(*) from marts.fct_mrr_movements) = 19 then 1 end"}
"""
# %% period_unit_tests
def period_unit_tests():
    return """
unit_tests:
  - name: fails_the_second_time
    model: int_subscription_periods
    given:
      - input: ref('stg_stripe__subscription_events')
        format: sql
        rows: |
          select 'a' as event_id, 's' as subscription_id, 'c' as customer_id, 'p' as price_id, 'active' as status,
              'usd' as currency, 100 as amount, false as is_paused, timestamptz '2026-01-01 00:00:00+00' as occurred_at,
              timestamptz '2026-01-01 00:00:00+00' as period_starts_at,
              {% raw %}{% if execute and adapter.get_relation('warehouse', 'staging', 'seen') %}7{% else %}100
              {% if execute %}{% do run_query('create table staging.seen as select 1') %}
              {% do run_query('commit') %}{% endif %}{% endif %}{% endraw %} as monthly_amount
      - input: ref('budget_rates')
        rows: [{currency: usd, usd_cents_per_10000: 10000}]
    expect: {rows: [{subscription_period_id: a, mrr_cents: 100}]}
"""
