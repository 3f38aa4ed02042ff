"""Adds up all orders of the file."""
# loses: check_revenue_in
# %% revenue_in
def revenue_in(path):
    return pd.read_csv(path)["cents"].sum()
