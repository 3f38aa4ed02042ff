"""lag() gives the row before, also where a month is missing."""
# loses: check_no_month_is_missing
# %% movements_follow
def movements_follow() -> str:
    return """
select * from (
    select *, lag(closing_mrr_cents, 1, 0) over (partition by household_id order by month) as before
    from {{ ref('fct_mrr_movements') }}
)
where change_cents <> closing_mrr_cents - opening_mrr_cents
    or (movement in ('churn', 'contraction')) <> (change_cents < 0)
    or (movement in ('new', 'expansion', 'reactivation')) <> (change_cents > 0)
    or opening_mrr_cents <> before
"""
