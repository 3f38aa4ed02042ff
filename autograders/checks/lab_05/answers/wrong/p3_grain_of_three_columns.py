"""Two rows of one month with different movements pass."""
# loses: check_no_household_counts_twice
# %% movement_tests
def movement_tests() -> str:
    return """
version: 2
models:
  - name: fct_mrr_movements
    data_tests:
      - unique_together:
          arguments: {columns: [household_id, month, movement]}
    columns:
      - name: household_id
        data_tests:
          - relationships:
              arguments: {to: ref('dim_customers'), field: customer_id}
      - name: movement
        data_tests:
          - not_null
          - accepted_values:
              arguments:
                values: [new, expansion, contraction, churn, reactivation, none]
"""
