"""Of equal days the later one comes first."""
# loses: check_busiest_days
# %% busiest_days
def busiest_days(orders, n):
    query = "select placed_at::date as day, count(*) from o group by day order by 2 desc, day desc limit ?"
    return db.cursor().register("o", orders).execute(query, [n]).fetchall()
