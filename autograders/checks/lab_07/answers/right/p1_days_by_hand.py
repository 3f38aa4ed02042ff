"""Works out each day's window itself; assets made by calling the decorator; one schedule function with a run key."""
# %% loads
@part
def loads() -> list:
    here = ZoneInfo("America/New_York")

    def filler(name, daily):
        def fill(context):
            source, warehouse = getattr(context.resources, name), context.resources.warehouse
            if daily:
                day = date.fromisoformat(context.partition_key)
                first, end = (datetime.combine(each, time(), here) for each in (day, day + timedelta(days=1)))
                rows = source.load(warehouse, (first.astimezone(UTC), end.astimezone(UTC)))
            else:
                rows = source.load(warehouse)
            context.add_output_metadata({"dagster/row_count": rows})
            with warehouse.connect() as con:
                found = con.execute(f"select {FEEDS[name].time} from raw.{FEEDS[name].table} "
                                    "order by 1 desc nulls last limit 1").fetchall()
            if found:
                context.add_output_metadata({"newest": dg.MetadataValue.timestamp(found[0][0].replace(tzinfo=UTC))})

        days = dg.DailyPartitionsDefinition("2026-01-01", timezone="America/New_York")
        return dg.asset(name=name, required_resource_keys={name, "warehouse"}, owners=["team:data"],
                        tags={"alert": "ticket" if daily else "page"}, partitions_def=days if daily else None)(fill)

    return [filler(name, name in ("mixpanel", "amplitude")) for name in FEEDS]
# %% every_morning
@part
def every_morning(morning):
    @dg.schedule(job_name="morning", cron_schedule=["0 6 * * *"], execution_timezone="America/New_York",
                 default_status=dg.DefaultScheduleStatus.RUNNING)
    def at_six(context):
        for state in ("QUEUED", "STARTING", "STARTED"):
            if context.instance.get_run_records(dg.RunsFilter(job_name="morning", statuses=[dg.DagsterRunStatus(state)])):
                yield dg.SkipReason(f"a run is {state}")
                return
        yesterday = context.scheduled_execution_time - timedelta(hours=12)
        yield dg.RunRequest(job_name="morning", run_key=f"{yesterday:%F}", partition_key=f"{yesterday:%F}")

    return at_six
# %% fresh
@part
def fresh():
    def made(name):
        @dg.asset_check(asset=name, name="is_fresh", blocking=True, required_resource_keys={"clock", "warehouse"})
        def check(context):
            limit = context.resources.clock.now() - FEEDS[name].late
            with context.resources.warehouse.connect() as con:
                recent, = con.execute(f"select count(*) from raw.{FEEDS[name].table} where {FEEDS[name].time} >= ?",
                                      [limit.astimezone(UTC).replace(tzinfo=None)]).fetchone()
            return dg.AssetCheckResult(passed=recent > 0)

        return check

    return [made(name) for name in ("stripe", "mixpanel", "amplitude", "production")]
# %% daily_revenue
@part
def daily_revenue():
    days = dg.DailyPartitionsDefinition("2026-01-01", timezone="America/New_York")

    @dg.asset(name="daily_revenue", deps=["stripe"], partitions_def=days,
              retry_policy=dg.RetryPolicy(max_retries=1, delay=5))
    def revenue_of_a_day(context: dg.AssetExecutionContext, warehouse: WarehouseFile):
        with warehouse.connect() as con:
            con.execute("create schema if not exists marts; "
                        "create table if not exists marts.daily_revenue (day date, cents bigint)")
            con.execute("""
                merge into marts.daily_revenue as m
                using (select ?::date as day, coalesce(sum(amount), 0)::bigint as cents from raw.stripe_charges
                       where (created::timestamp at time zone 'UTC') >= ?::timestamptz
                         and (created::timestamp at time zone 'UTC') < ?::timestamptz) as d
                on m.day = d.day
                when matched then update set cents = d.cents
                when not matched then insert values (d.day, d.cents)
            """, [context.partition_key, *context.partition_time_window])

    return [revenue_of_a_day]
