"""SQL for everything, with the course's helper and with DuckDB's view of Python's variables."""
# %% latest
def latest(changes):
    return sql("""select * from c
                  qualify row_number() over (partition by order_id order by updated_at desc) = 1
                  order by order_id""", c=changes)
# %% new_since
def new_since(changes, watermark):
    new = sql(f"select * from c where updated_at > timestamp '{watermark}'", c=changes)
    mark, = sql("select coalesce(max(updated_at), ?::timestamp) from n".replace("?", f"'{watermark}'"), n=new).iloc[0]
    return new, mark
# %% revenue_in
def revenue_in(path):
    found = duckdb.sql(f"from '{path}' select sum(cents) filter (where status in ('paid', 'delivered')) as cents").df()
    return found["cents"].fillna(0).iloc[0]
# %% revenue_by_month
def revenue_by_month(orders):
    return duckdb.query("""
        select left(placed_at::varchar, 7) as month, sum(cents)::bigint as cents
        from orders where status in ('paid', 'delivered') group by all order by all""").to_df()
# %% top_households
def top_households(orders, households, n):
    return sql(f"""
        with spent as (
            select city, household_id, sum(cents) as cents
            from o join h using (household_id) where status in ('paid', 'delivered') group by all)
        from spent qualify row_number() over (partition by city order by cents desc, household_id) <= {n}
        order by city, cents desc, household_id""", o=orders, h=households)
# %% sessions
def sessions(clicks, minutes):
    return sql(f"""
        with gaps as (
            select household_id,
                   clicked_at - lag(clicked_at) over (partition by household_id order by clicked_at) as gap
            from c)
        select household_id, count(*) filter (gap is null or gap > to_minutes({minutes})) as sessions
        from gaps group by 1 order by 1""", c=clicks)
# %% silent_households
def silent_households(orders, households):
    rows = db.cursor().register("h", households).register("o", orders).execute(
        "select h.household_id from h left join o using (household_id) where o.household_id is null order by 1").fetchall()
    return [household for household, in rows]
# %% busiest_days
def busiest_days(orders, n):
    found = sql(f"""select placed_at::date as day, count(*) as number from o
                    group by 1 order by number desc, day limit {n}""", o=orders)
    return list(found.itertuples(index=False, name=None))
