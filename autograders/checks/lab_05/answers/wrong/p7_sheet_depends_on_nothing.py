"""The exposure names nothing that it depends on."""
# loses: check_readers_are_named
# %% sheet_promises
def sheet_promises() -> str:
    return """
models:
  - name: fct_dollars
    config: {contract: {enforced: true}}
    columns:
      - {name: month, data_type: date}
      - {name: kept_usd, data_type: "decimal(18,2)"}
exposures:
  - name: accountant_sheet
    type: application
    owner: {email: finance@example.com}
"""
