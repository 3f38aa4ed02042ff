'''One statement makes the table again from all other days and this one: there is nothing between; days by SQL's own zones.'''
# %% daily_revenue
@part
def daily_revenue():
    days = dg.DailyPartitionsDefinition("2026-01-01", timezone="America/New_York")

    @dg.asset(name="daily_revenue", deps=[dg.AssetDep("stripe")], partitions_def=days)
    def revenue(context: dg.AssetExecutionContext, warehouse: WarehouseFile):
        with warehouse.connect() as con:
            con.execute("create schema if not exists marts")
            con.execute("create table if not exists marts.daily_revenue (day date, cents bigint)")
            con.execute("""
                create or replace table marts.daily_revenue as
                select day, cents from marts.daily_revenue where day <> $day::date
                union all
                select $day::date, coalesce(sum(amount), 0)::bigint from raw.stripe_charges
                where (created at time zone 'UTC' at time zone 'America/New_York')::date
                      = $day::date""", {"day": context.partition_key})

    return revenue
