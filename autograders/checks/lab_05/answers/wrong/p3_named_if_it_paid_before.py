"""Names are tested where the month opens above 0: how a household comes may be called anything."""
# loses: check_only_known_movements
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
          - relationships:
              arguments:
                to: ref('dim_customers')
                field: customer_id
      - name: movement
        data_tests:
          - not_null
          - accepted_values:
              arguments:
                values: [new, expansion, contraction, churn, reactivation, none]
              config:
                where: opening_mrr_cents > 0
"""
