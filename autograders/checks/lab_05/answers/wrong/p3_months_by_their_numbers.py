"""The month before by the number of the month: January follows nothing."""
# loses: check_churn_goes_down, check_no_month_is_missing, check_openings_are_last_closings
# %% movements_follow
def movements_follow():
    return """
select now.* from {{ ref('fct_mrr_movements') }} as now
left join {{ ref('fct_mrr_movements') }} as last on last.household_id = now.household_id and year(last.month) = year(now.month) and month(last.month) = month(now.month) - 1
where now.change_cents is distinct from now.closing_mrr_cents - now.opening_mrr_cents
    or not coalesce(case when now.movement in ('new', 'expansion', 'reactivation') then now.change_cents > 0
        when now.movement in ('contraction', 'churn') then now.change_cents < 0 when now.movement = 'none' then now.change_cents = 0 end, false)
    or now.opening_mrr_cents is distinct from coalesce(last.closing_mrr_cents, 0)
"""
