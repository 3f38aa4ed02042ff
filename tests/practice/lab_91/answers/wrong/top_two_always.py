"""Two a city, whatever n is."""
# loses: check_top_households
# %% top_households
def top_households(orders, households, n):
    paid = orders[orders["status"].isin(["paid", "delivered"])].merge(households, on="household_id")
    spent = paid.groupby(["city", "household_id"], as_index=False)["cents"].sum()
    return spent.sort_values(["city", "cents", "household_id"], ascending=[True, False, True]).groupby("city").head(2)
