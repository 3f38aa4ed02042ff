"""accepted_values alone, which lets null pass."""
# loses: check_only_known_movements
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
          - accepted_values:
              arguments:
                values: [new, expansion, contraction, churn, reactivation, none]
"""
