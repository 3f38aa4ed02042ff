"""Tests movement only where something changed."""
# loses: check_only_known_movements
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
          - relationships: {arguments: {to: ref('dim_customers'), field: customer_id}}
      - name: movement
        data_tests:
          - not_null: {config: {where: change_cents <> 0}}
          - accepted_values: {arguments: {values: [new, expansion, contraction, churn, reactivation, none]}, config: {where: change_cents <> 0}}
"""
