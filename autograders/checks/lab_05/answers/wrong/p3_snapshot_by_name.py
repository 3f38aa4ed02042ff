"""A key that is used again: plan_name."""
# loses: check_every_version_of_a_plan
# %% plans_snapshot
def plans_snapshot() -> str:
    return """
snapshots:
  - name: plans_snapshot
    relation: ref('stg_production__plans')
    config:
      schema: staging
      unique_key: plan_name
      strategy: check
      check_cols: [plan_name, monthly_price_cents, servings]
      hard_deletes: invalidate
"""
