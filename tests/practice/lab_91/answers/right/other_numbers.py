"""Equal values of other types: float, Decimal, Int64, categories, numpy scalars, text as 'string'."""
# %% latest
def latest(changes):
    found = changes.sort_values("updated_at").drop_duplicates("order_id", keep="last").sort_values("order_id")
    return found.astype({"order_id": "uint32", "cents": "float64", "status": "category"})
# %% revenue_in
from decimal import Decimal

def revenue_in(path):
    query = "select coalesce(sum(cents::decimal(18, 2)), 0) from read_csv(?) where status in ('paid', 'delivered')"
    return Decimal(db.cursor().execute(query, [path]).fetchall()[0][0])
# %% revenue_by_month
from decimal import Decimal

def revenue_by_month(orders):
    earned = orders[orders["status"].isin(["paid", "delivered"])]
    table = earned.groupby(earned["placed_at"].dt.strftime("%Y-%m"))["cents"].sum().rename_axis("month").reset_index()
    table["cents"] = [Decimal(int(cents)) for cents in table["cents"]]
    return table.astype({"month": "string"})
# %% retention
def retention(orders):
    found = sql("""
        with first as (select household_id, min(date_trunc('month', placed_at)) as first from o group by 1)
        select strftime(first, '%Y-%m') as cohort,
               12 * (year(placed_at) - year(first)) + month(placed_at) - month(first) as age,
               count(distinct household_id) * 1.0 as households
        from o join first using (household_id) group by 1, 2 order by 1, 2""", o=orders)
    return found.convert_dtypes()
# %% top_households
def top_households(orders, households, n):
    paid = orders[orders["status"].isin(["paid", "delivered"])].merge(households, on="household_id")
    spent = paid.groupby(["city", "household_id"])["cents"].sum().astype("float32").reset_index()
    ranked = spent.sort_values(["city", "cents", "household_id"], ascending=[True, False, True])
    return ranked[ranked.groupby("city").cumcount() < n].astype({"city": "category", "household_id": "Int64"})
# %% sessions
from fractions import Fraction

def sessions(clicks, minutes):
    ordered = clicks.sort_values("clicked_at")
    gap = ordered.groupby("household_id")["clicked_at"].diff().dt.total_seconds() / 60
    begins = (~(gap <= minutes)).astype(float)
    table = begins.groupby(ordered["household_id"]).sum().rename("sessions").reset_index()
    return table.assign(sessions=[Fraction(number) for number in table["sessions"]])
# %% silent_households
def silent_households(orders, households):
    return np.setdiff1d(households["household_id"], orders["household_id"].dropna()).astype(float)
# %% busiest_days
def busiest_days(orders, n):
    counts = orders["placed_at"].dt.floor("D").value_counts().reset_index(name="number")
    ranked = counts.sort_values(["number", "placed_at"], ascending=[False, True]).head(n)
    return list(zip(ranked["placed_at"].to_numpy(), ranked["number"].to_numpy(dtype=float)))
