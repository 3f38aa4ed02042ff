"""Sorted by revenue, not by month."""
# loses: check_revenue_by_month
# %% revenue_by_month
def revenue_by_month(orders):
    return sql("""select strftime(placed_at, '%Y-%m') as month, sum(cents) as cents
                  from o where status in ('paid', 'delivered') group by 1 order by cents desc""", o=orders)
