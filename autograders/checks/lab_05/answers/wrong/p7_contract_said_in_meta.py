"""The contract stands under meta, where dbt reads nothing."""
# loses: check_a_broken_promise_is_refused
# %% sheet_promises
def sheet_promises() -> str:
    return """
models:
  - name: fct_dollars
    config: {meta: {contract: {enforced: true}}}
    columns:
      - {name: month, data_type: date}
      - {name: kept_usd, data_type: "decimal(18,2)"}
exposures:
  - name: accountant_sheet
    type: application
    owner: {email: finance@example.com}
    depends_on: [ref('fct_dollars')]
"""
