"""household_id is looked up at Stripe's customers, not in dim_customers."""
# loses: check_only_known_households
# %% movement_tests
def movement_tests():
    return """
version: 2
models:
  - name: fct_mrr_movements
    data_tests:
      - unique_together: {arguments: {columns: [household_id, month]}}
    columns:
      - name: household_id
        data_tests:
          - relationships: {arguments: {to: ref('stg_stripe__customers'), field: household_id}}
      - name: movement
        data_tests:
          - not_null
          - accepted_values: {arguments: {values: [new, expansion, contraction, churn, reactivation, none]}}
"""
