"""Only rows that open with something are compared."""
# loses: check_openings_are_last_closings
# %% movements_follow
def movements_follow() -> str:
    return """
select now.*
from {{ ref('fct_mrr_movements') }} as now
left join {{ ref('fct_mrr_movements') }} as past
    on past.household_id = now.household_id and past.month = now.month - interval '1 month'
where now.change_cents <> now.closing_mrr_cents - now.opening_mrr_cents
    or now.movement in ('new', 'expansion', 'reactivation') and now.change_cents <= 0
    or now.movement in ('contraction', 'churn') and now.change_cents >= 0
    or now.movement = 'none' and now.change_cents <> 0
    or now.opening_mrr_cents > 0 and now.opening_mrr_cents <> coalesce(past.closing_mrr_cents, 0)
"""
