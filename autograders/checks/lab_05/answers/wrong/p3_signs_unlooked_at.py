"""The windows are tested, the changes are not."""
# loses: check_churn_goes_down
# %% movements_follow
def movements_follow() -> str:
    return """
select now.*
from {{ ref('fct_mrr_movements') }} as now
left join {{ ref('fct_mrr_movements') }} as before
    on before.household_id = now.household_id and before.month = now.month - interval '1 month'
where now.opening_mrr_cents <> coalesce(before.closing_mrr_cents, 0)
"""
