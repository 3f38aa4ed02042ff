"""The sum is an int of 32 bits."""
# loses: check_all_of_a_day_or_nothing
# %% daily_revenue
@part
def daily_revenue():
    days = dg.DailyPartitionsDefinition("2026-01-01", timezone="America/New_York")

    @dg.asset(deps=["stripe"], partitions_def=days)
    def daily_revenue(context: dg.AssetExecutionContext, warehouse: WarehouseFile):
        window = context.partition_time_window
        start, end = (m.astimezone(UTC).replace(tzinfo=None) for m in (window.start, window.end))
        with warehouse.connect() as con:
            con.begin()
            con.execute("create schema if not exists marts")
            con.execute("create table if not exists marts.daily_revenue (day date, cents bigint)")
            con.execute("delete from marts.daily_revenue where day = ?::date", [context.partition_key])
            con.execute("insert into marts.daily_revenue select ?::date, coalesce(sum(amount), 0)::int "
                        "from raw.stripe_charges where created >= ? and created < ?",
                        [context.partition_key, start, end])
            con.commit()

    return daily_revenue
