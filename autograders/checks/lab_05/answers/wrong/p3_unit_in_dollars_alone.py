"""At a rate of 1 the wrong way round is right, too."""
# loses: check_another_currency_has_its_rate
# %% period_unit_tests
def period_unit_tests() -> str:
    return """
unit_tests:
  - name: a_period_is_worth_what_it_is_paid
    model: int_subscription_periods
    given:
      - input: ref('stg_stripe__subscription_events')
        rows:
          - {event_id: trial, status: trialing, currency: usd, amount: 900, monthly_amount: 900}
          - {event_id: year, status: active, currency: usd, amount: 12000, monthly_amount: 1000}
      - input: ref('budget_rates')
        rows:
          - {currency: usd, usd_cents_per_10000: 10000}
          - {currency: cad, usd_cents_per_10000: 7310}
    expect:
      rows:
        - {subscription_period_id: trial, mrr_cents: 0}
        - {subscription_period_id: year, mrr_cents: 1000}
"""
