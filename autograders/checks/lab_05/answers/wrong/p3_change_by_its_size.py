"""The change is compared without its sign."""
# loses: check_churn_goes_down
# %% movements_follow
def movements_follow() -> str:
    return """
select now.*
from {{ ref('fct_mrr_movements') }} as now
left join {{ ref('fct_mrr_movements') }} as past
    on past.household_id = now.household_id and past.month = now.month - interval '1 month'
where abs(now.change_cents) <> abs(now.closing_mrr_cents - now.opening_mrr_cents)
    or now.movement in ('new', 'expansion', 'reactivation') and now.change_cents <= 0
    or now.movement in ('contraction', 'churn') and now.change_cents >= 0
    or now.movement = 'none' and now.change_cents <> 0
    or now.opening_mrr_cents <> coalesce(past.closing_mrr_cents, 0)
"""
