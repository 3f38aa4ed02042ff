"""Only the amount is promised: the right model has a column more than that."""
# loses: check_a_broken_promise_is_refused, check_readers_are_named
# %% sheet_promises
def sheet_promises() -> str:
    return """
models:
  - name: fct_dollars
    config: {contract: {enforced: true}}
    columns:
      - {name: kept_usd, data_type: "decimal(18,2)"}
exposures:
  - name: accountant_sheet
    type: application
    owner: {email: finance@example.com}
    depends_on: [ref('fct_dollars')]
"""
