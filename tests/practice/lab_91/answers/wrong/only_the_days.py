"""The days without their numbers."""
# loses: check_busiest_days
# %% busiest_days
def busiest_days(orders, n):
    query = "select placed_at::date as day from o group by day order by count(*) desc, day limit ?"
    return [row[0] for row in db.cursor().register("o", orders).execute(query, [n]).fetchall()]
