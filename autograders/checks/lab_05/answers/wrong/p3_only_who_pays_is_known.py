"""The relationship is tested where the month closes above 0: an unknown household that churns passes."""
# loses: check_only_known_households
# %% movement_tests
def movement_tests() -> str:
    return """
version: 2
models:
  - name: fct_mrr_movements
    data_tests:
      - unique_together:
          arguments:
            columns: [household_id, month]

    columns:
      - name: household_id
        data_tests:
          - not_null
          - relationships:
              arguments:
                to: ref('dim_customers')
                field: customer_id
              config:
                where: closing_mrr_cents > 0
      - name: movement
        data_tests:
          - not_null
          - accepted_values:
              arguments:
                values: [new, expansion, contraction, churn, reactivation, none]
"""
