"""The best of all cities together."""
# loses: check_top_households
# %% top_households
def top_households(orders, households, n):
    return sql(f"""
        select city, household_id, sum(cents) as cents from o join h using (household_id)
        where status in ('paid', 'delivered') group by 1, 2 order by 3 desc limit {n}""", o=orders, h=households)
