"""A comparison with null is never true."""
# loses: check_churn_goes_down, check_openings_are_last_closings, check_no_month_is_missing
# %% movements_follow
def movements_follow() -> str:
    return """
select household_id from {{ ref('fct_mrr_movements') }}
group by household_id having sum(change_cents) <> null
"""
