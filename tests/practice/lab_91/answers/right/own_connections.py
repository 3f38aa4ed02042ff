"""Connections of its own: one for the whole notebook, one for each call, one to a file."""
# %% revenue_in
mine = duckdb.connect()

def revenue_in(path):
    mine.execute("create or replace temp table day as from read_csv(?)", [path])
    found = mine.execute("select sum(cents) from day where status in ('paid', 'delivered')").fetchall()
    return found[0][0] or 0
# %% revenue_by_month
def revenue_by_month(orders):
    with duckdb.connect(":memory:") as connection:
        connection.register("orders", orders)
        connection.execute("create table earned as select * from orders where status in ('paid', 'delivered')")
        rows = connection.execute("select strftime(placed_at, '%Y-%m'), sum(cents) from earned group by 1 order by 1").fetchall()
    return pd.DataFrame(rows, columns=["month", "cents"])
# %% latest
import os

def latest(changes):
    if os.path.exists("latest.duckdb"):
        os.remove("latest.duckdb")
    with duckdb.connect("latest.duckdb") as connection:
        connection.execute("create table feed as select * from changes")
        found = connection.execute("""
            select f.* from feed f join (select order_id, max(updated_at) as updated_at from feed group by 1) last
            using (order_id, updated_at) order by order_id""").df()
    os.remove("latest.duckdb")
    return found[list(changes.columns)]
# %% busiest_days
def busiest_days(orders, n):
    connection = duckdb.connect()
    cursor = connection.execute("select placed_at::date, count(*) from orders group by 1 order by 2 desc, 1")
    return cursor.fetchmany(n)
