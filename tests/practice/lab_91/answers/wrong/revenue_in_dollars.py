"""Dollars in place of cents."""
# loses: check_revenue_in
# %% revenue_in
def revenue_in(path):
    day = pd.read_csv(path)
    return day.loc[day["status"].isin(["paid", "delivered"]), "cents"].sum() / 100
