"""A change of the name alone is not a version."""
# loses: check_every_version_of_a_plan
# %% plans_snapshot
def plans_snapshot() -> str:
    return '''
snapshots:
  - name: plans_snapshot
    relation: ref('stg_production__plans')
    config:
      schema: staging
      unique_key: plan_id
      strategy: check
      check_cols: [monthly_price_cents, servings]
      hard_deletes: invalidate
'''
