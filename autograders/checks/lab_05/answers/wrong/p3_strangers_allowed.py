"""not_null is taken for a reference that exists."""
# loses: check_only_known_households
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
      - name: movement
        data_tests:
          - not_null
          - accepted_values:
              arguments:
                values: [new, expansion, contraction, churn, reactivation, none]
"""
