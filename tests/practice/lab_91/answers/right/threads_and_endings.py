"""Threads inside and one left waiting; cells that end as a script does."""
# %% latest
from concurrent.futures import ThreadPoolExecutor

def latest(changes):
    with ThreadPoolExecutor(4) as pool:
        halves = pool.map(lambda half: half.sort_values("updated_at").drop_duplicates("order_id", keep="last"),
                          [changes[changes["order_id"] % 2 == 0], changes[changes["order_id"] % 2 == 1]])
    return pd.concat(halves).sort_values("order_id")

quit()
# %% revenue_in
import sys
import threading

never = threading.Event()
threading.Thread(target=never.wait, daemon=True).start()

def revenue_in(path):
    cursor = db.cursor()
    box = []
    query = f"select sum(if(status in ('paid', 'delivered'), cents, 0)) from '{path}'"
    thread = threading.Thread(target=lambda: box.extend(cursor.execute(query).fetchall()))
    thread.start()
    thread.join()
    return box[0][0]

if __name__ == "__main__":
    sys.exit(0)
# %% sessions
from concurrent.futures import ThreadPoolExecutor

def visits(times, minutes):
    times = np.sort(times.to_numpy())
    return 1 + int(np.sum(np.diff(times) > np.timedelta64(minutes, "m")))

def sessions(clicks, minutes):
    groups = dict(list(clicks.groupby("household_id")["clicked_at"]))
    with ThreadPoolExecutor() as pool:
        counted = list(pool.map(visits, groups.values(), [minutes] * len(groups)))
    return pd.DataFrame({"household_id": list(groups), "sessions": counted})

raise SystemExit("that was all")
# %% busiest_days
def busiest_days(orders, n):
    days = sorted(orders["placed_at"].dt.date)
    return sorted(((day, days.count(day)) for day in set(days)), key=lambda found: (-found[1], found[0]))[:n]

exit(0)
