"""Groups by the moment, not by the day."""
# loses: check_busiest_days
# %% busiest_days
def busiest_days(orders, n):
    query = "select placed_at, count(*) from o group by 1 order by 2 desc, 1 limit ?"
    return db.cursor().register("o", orders).execute(query, [n]).fetchall()
