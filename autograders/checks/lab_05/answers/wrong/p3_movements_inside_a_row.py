"""A row agrees with itself; nobody looks at the month before."""
# loses: check_openings_are_last_closings, check_no_month_is_missing
# %% movements_follow
def movements_follow() -> str:
    return """
select now.*
from {{ ref('fct_mrr_movements') }} as now
left join {{ ref('fct_mrr_movements') }} as before
    on before.household_id = now.household_id and before.month = now.month - interval '1 month'
where now.change_cents <> now.closing_mrr_cents - now.opening_mrr_cents
    or sign(now.change_cents) <> case
        when now.movement in ('new', 'expansion', 'reactivation') then 1
        when now.movement in ('contraction', 'churn') then -1 else 0 end
"""
