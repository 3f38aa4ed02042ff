"""A month without its year."""
# loses: check_revenue_by_month
# %% revenue_by_month
def revenue_by_month(orders):
    return sql("""select strftime(placed_at, '%m') as month, sum(cents) as cents
                  from o where status in ('paid', 'delivered') group by 1 order by 1""", o=orders)
