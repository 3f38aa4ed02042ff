"""rank() lets in everybody with the same revenue."""
# loses: check_top_households
# %% top_households
def top_households(orders, households, n):
    return sql(f"""
        with spent as (
            select city, household_id, sum(cents) as cents
            from o join h using (household_id) where status in ('paid', 'delivered') group by 1, 2)
        select * from spent qualify rank() over (partition by city order by cents desc) <= {n}
        order by city, cents desc, household_id""", o=orders, h=households)
