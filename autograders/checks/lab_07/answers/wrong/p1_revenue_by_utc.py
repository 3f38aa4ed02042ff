"""Takes the day of UTC."""
# loses: check_remade_days_replace_themselves
# %% daily_revenue
@part
def daily_revenue():
    days = dg.DailyPartitionsDefinition("2026-01-01", timezone="America/New_York")

    @dg.asset(deps=["stripe"], partitions_def=days)
    def daily_revenue(context: dg.AssetExecutionContext, warehouse: WarehouseFile):
        day, window = context.partition_key, context.partition_time_window
        start, end = (moment.replace(tzinfo=None) for moment in window)
        with warehouse.connect() as con:
            con.execute("create schema if not exists marts")
            con.execute("create table if not exists marts.daily_revenue (day date, cents bigint)")
            con.begin()
            con.execute("delete from marts.daily_revenue where day = ?", [day])
            con.execute("insert into marts.daily_revenue select ?, coalesce(sum(amount), 0) from "
                        "raw.stripe_charges where created >= ? and created < ?", [day, start, end])
            con.commit()

    return daily_revenue
