"""A row that breaks both rules comes twice."""
# loses: check_churn_goes_down
# %% movements_follow
def movements_follow() -> str:
    return """
with m as (select * from {{ ref('fct_mrr_movements') }})
select * from m
where change_cents <> closing_mrr_cents - opening_mrr_cents
    or sign(change_cents) <> case when movement in ('new', 'expansion', 'reactivation') then 1
        when movement in ('contraction', 'churn') then -1 else 0 end
union all
select now.* from m as now
left join m as past on past.household_id = now.household_id and past.month = now.month - interval '1 month'
where now.opening_mrr_cents <> coalesce(past.closing_mrr_cents, 0)
"""
