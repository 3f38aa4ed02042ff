"""The amount is promised as a double."""
# loses: check_a_broken_promise_is_refused, check_readers_are_named
# %% sheet_promises
def sheet_promises() -> str:
    return """
models:
  - name: fct_dollars
    config: {contract: {enforced: true}}
    columns:
      - {name: month, data_type: date}
      - {name: kept_usd, data_type: double}
exposures:
  - name: accountant_sheet
    type: application
    owner: {email: finance@example.com}
    depends_on: [ref('fct_dollars')]
"""
