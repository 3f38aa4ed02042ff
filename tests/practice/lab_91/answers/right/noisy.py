"""Warns, logs and prints a lot, in its functions and beside them."""
# %% latest
import sys
import warnings

warnings.warn("the feed may be late")
print("change feed of", len(changes), file=sys.stderr)

def latest(changes):
    warnings.warn("sorting")
    for line in range(100_000):
        print("line", line)
    return changes.sort_values(["order_id", "updated_at"]).drop_duplicates("order_id", keep="last")
# %% new_since
import logging

logging.basicConfig(level=logging.DEBUG)

def new_since(changes, watermark):
    logging.warning("loading since %s", watermark)
    new = changes[changes["updated_at"] > watermark]
    new["loaded"] = True  # pandas warns of setting on a copy
    if new.empty:
        return new, watermark
    return new, new["updated_at"].max().to_pydatetime()
# %% top_households
import sys

def top_households(orders, households, n):
    print(orders.to_string(), file=sys.stderr)
    both = orders[orders["status"].isin(["paid", "delivered"])].merge(households)
    spent = both.groupby(["city", "household_id"])["cents"].sum().reset_index()
    parts = [part.sort_values(["cents", "household_id"], ascending=[False, True])[:n] for _, part in spent.groupby("city")]
    return pd.concat(parts)
# %% silent_households
import warnings

def silent_households(orders, households):
    warnings.warn("guests are nobody", RuntimeWarning)
    ordered = set(orders["household_id"])
    return [household for household in sorted(households["household_id"]) if household not in ordered]
