"""lag() without a partition: an alarm on the right table."""
# loses: check_churn_goes_down, check_openings_are_last_closings, check_no_month_is_missing
# %% movements_follow
def movements_follow() -> str:
    return """
select * from (
    select *, lag(closing_mrr_cents, 1, 0) over (order by month) as before
    from {{ ref('fct_mrr_movements') }}
)
where change_cents <> closing_mrr_cents - opening_mrr_cents or opening_mrr_cents <> before
"""
