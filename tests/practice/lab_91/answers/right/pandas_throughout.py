"""pandas for everything."""
# %% latest
def latest(changes):
    return changes.sort_values("updated_at").groupby("order_id").tail(1).sort_values("order_id")
# %% new_since
def new_since(changes, watermark):
    new = changes.query("updated_at > @watermark")
    return new, max([watermark, *new["updated_at"]])
# %% revenue_in
EARNED = {"paid", "delivered"}

def revenue_in(path):
    day = pd.read_csv(path)
    return day["cents"].where(day["status"].isin(EARNED), 0).sum()
# %% revenue_by_month
def revenue_by_month(orders):
    earned = orders.loc[orders["status"].isin(["paid", "delivered"])].copy()
    earned["month"] = earned["placed_at"].dt.to_period("M").astype(str)
    return earned.groupby("month", as_index=False).agg(cents=("cents", "sum"))
# %% retention
def retention(orders):
    month = orders["placed_at"].dt.to_period("M")
    first = month.groupby(orders["household_id"]).transform("min")
    table = pd.DataFrame({
        "cohort": first.astype(str), "age": month.astype("int64") - first.astype("int64"),
        "households": orders["household_id"]})
    return table.drop_duplicates().groupby(["cohort", "age"], as_index=False).count()
# %% busiest_days
def busiest_days(orders, n):
    counts = orders.groupby(orders["placed_at"].dt.normalize()).size()
    return list(counts.sort_values(ascending=False, kind="stable").head(n).items())
