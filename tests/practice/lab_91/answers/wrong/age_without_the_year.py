"""January minus December is minus eleven months."""
# loses: check_retention
# %% retention
def retention(orders):
    return sql("""
        with seen as (select household_id, placed_at, min(placed_at) over (partition by household_id) as first from o)
        select strftime(first, '%Y-%m') as cohort, month(placed_at) - month(first) as age,
               count(distinct household_id) as households
        from seen group by 1, 2 order by 1, 2""", o=orders)
