"""All but the refunded ones count."""
# loses: check_revenue_by_month
# %% revenue_by_month
def revenue_by_month(orders):
    return sql("""select strftime(placed_at, '%Y-%m') as month, sum(cents) as cents
                  from o where status != 'refunded' group by 1 order by 1""", o=orders)
