"""Copied from the founders' dashboard, with a mart of it."""
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
    type: dashboard
    owner: {name: Finance, email: finance@example.com}
    depends_on: [ref('fct_dollars'), ref('fct_mrr')]
"""
