"""Instances that are called, closures, partial, caches, decorators and generators."""
# %% latest
class Latest:
    def __init__(self, key, time):
        self.key, self.time = key, time

    def __call__(self, changes):
        at = changes.groupby(self.key)[self.time].idxmax()
        return changes.loc[at.to_list()]

latest = Latest("order_id", "updated_at")
# %% revenue_by_month
from functools import wraps

def as_table(*names):
    def decorate(function):
        @wraps(function)
        def call(orders):
            return pd.DataFrame(function(orders), columns=names)
        return call
    return decorate

@as_table("month", "cents")
def revenue_by_month(orders):
    earned = orders[orders["status"].isin(("paid", "delivered"))]
    months = earned["placed_at"].dt.strftime("%Y-%m")
    for month in sorted(months.unique()):
        yield month, earned.loc[months == month, "cents"].sum()
# %% revenue_in
from functools import lru_cache, partial

@lru_cache
def connection():
    return duckdb.connect()

def total(statuses, path):
    rows = connection().execute("select status, cents from read_csv(?)", [path]).fetchall()
    return sum(cents for status, cents in rows if status in statuses)

revenue_in = partial(total, {"paid", "delivered"})
# %% new_since
new_since = lambda changes, watermark: [
    changes[changes["updated_at"].gt(watermark)],
    np.maximum(np.datetime64(watermark), changes["updated_at"].max().to_datetime64())]
# %% silent_households
def silent_households(orders, households):
    ordered = {*orders["household_id"].dropna().astype(int)}
    yield from (int(household) for household in households["household_id"].sort_values() if household not in ordered)
# %% busiest_days
def busiest_days(orders, n):
    from collections import Counter
    from itertools import islice

    counts = Counter(orders["placed_at"].dt.date)
    ranked = ([day, number] for number, day in sorted((-number, day) for day, number in counts.items()))
    return ([day, -number] for day, number in islice(ranked, n))
