"""A unit test for each rule, one with its rows in SQL."""
# %% period_unit_tests
def period_unit_tests() -> str:
    return """
unit_tests:
  - name: trials
    model: int_subscription_periods
    given:
      - input: ref('stg_stripe__subscription_events')
        format: sql
        rows: select 'e' as event_id, 'trialing' as status, 'usd' as currency, 5 as monthly_amount,
          's' as subscription_id, 'c' as customer_id, 'p' as price_id, false as is_paused,
          now() as occurred_at, now() as period_starts_at
      - input: ref('budget_rates')
        rows: [{currency: usd, usd_cents_per_10000: 10000}]
    expect:
      rows: [{status: trialing, mrr_cents: 0}]
  - name: euros
    model: int_subscription_periods
    given:
      - input: ref('stg_stripe__subscription_events')
        rows: [{event_id: e, status: past_due, currency: eur, monthly_amount: 2000}]
      - input: ref('budget_rates')
        format: csv
        rows: |
          currency,usd_cents_per_10000
          eur,10850
    expect:
      rows: [{mrr_cents: 2170}]
"""
