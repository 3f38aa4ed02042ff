"""Asks for each try itself; jobs by selections as text; one transaction by SQL; all checks in one step."""
# %% billing
@part
def billing():
    @dg.asset
    def stripe(context: dg.AssetExecutionContext, stripe: Source, warehouse: WarehouseFile):
        try:
            stripe.load(warehouse)
        except Passing as e:
            raise dg.RetryRequested(max_retries=3, seconds_to_wait=90 * 2 ** context.retry_number) from e

    return stripe
# %% jobs
@part
def jobs():
    def job(name, selection, priority):
        tags = {"dagster/priority": priority, "dagster/max_runtime": 7200, "dagster/max_retries": 1,
                "dagster/retry_on_asset_or_op_failure": False}
        return dg.define_asset_job(name, selection, tags={k: str(v).lower() for k, v in tags.items()})

    everything = dg.AssetSelection.all()
    return [job("morning", everything, 5), job("reload", everything & dg.AssetSelection.assets(
        "mixpanel", "amplitude"), 0)]
# %% daily_revenue
@part
def daily_revenue():
    @dg.asset(deps=["stripe"], partitions_def=dg.DailyPartitionsDefinition(
        start_date=datetime(2026, 1, 1), timezone="America/New_York"))
    def daily_revenue(context: dg.AssetExecutionContext, warehouse: WarehouseFile):
        day = context.partition_key
        with warehouse.connect() as con:
            con.execute("create schema if not exists marts")
            cents, = con.execute("""
                select coalesce(sum(amount), 0)::bigint from raw.stripe_charges
                where cast(created at time zone 'UTC' at time zone 'America/New_York' as date) = ?
            """, [day]).fetchone()
            con.execute("create table if not exists marts.daily_revenue (day date, cents bigint)")
            con.execute("begin transaction")
            try:
                known = con.execute("select count(*) from marts.daily_revenue where day = ?", [day]).fetchone()[0]
                if known:
                    con.execute("update marts.daily_revenue set cents = ? where day = ?", [cents, day])
                else:
                    con.execute("insert into marts.daily_revenue values (?, ?)", [day, cents])
                con.execute("commit")
            except Exception:
                con.execute("rollback")
                raise

    return daily_revenue
# %% fresh
@part
def fresh():
    def seconds_old(feed, clock, warehouse):
        with warehouse.connect() as con:
            newest, = con.execute(f"select epoch(max({feed.time})) from raw.{feed.table}").fetchone()
        return float("inf") if newest is None else clock.now().timestamp() - newest

    def checked(name):
        spec = dg.AssetCheckSpec("is_fresh", asset=dg.AssetKey([name]), blocking=True)

        @dg.multi_asset_check(name=f"look_at_{name}", specs=[spec])
        def look(context, clock: Clock, warehouse: WarehouseFile):
            old = seconds_old(FEEDS[name], clock, warehouse)
            context.log.info("%s is %s s old", name, old)
            yield dg.AssetCheckResult(asset_key=name, check_name="is_fresh",
                                      passed=bool(old <= FEEDS[name].late.total_seconds()))

        return look

    return tuple(map(checked, FEEDS))
# %% usual
@part
def usual():
    QUERY = """
        with days as (
            select cast({time} at time zone 'UTC' at time zone 'America/New_York' as date) as day,
                   count(*) as n, sum({nulls}) / {columns} as empty
            from raw.{table} group by 1)
        select coalesce(max(n) filter (day = $1), 0), coalesce(max(empty) filter (day = $1), 0),
               avg(n) filter (day <> $1), sum(n) filter (day <> $1), sum(empty) filter (day <> $1)
        from days where day in (select $1::date - 7 * week::int from range(5) as weeks(week))
    """

    def asked(context, warehouse, feed):
        nulls = " + ".join(f"({column} is null)::int" for column in feed.usually)
        day = context.run.tags["dagster/partition"]
        with warehouse.connect() as con:
            return con.execute(QUERY.format(time=feed.time, table=feed.table, nulls=nulls,
                                            columns=len(feed.usually)), {"1": day}).fetchone()

    def checks(name, feed):
        @dg.asset_check(asset=name, name="has_usual_volume", blocking=True)
        def volume(context: dg.AssetCheckExecutionContext, warehouse: WarehouseFile):
            rows, _, mean, _, _ = asked(context, warehouse, feed)
            return dg.AssetCheckResult(passed=not mean or mean < 20 or 0.5 <= rows / mean <= 2)

        @dg.asset_check(asset=name, name="has_usual_nulls", blocking=True)
        def nulls(context: dg.AssetCheckExecutionContext, warehouse: WarehouseFile):
            rows, empty, _, total, before = asked(context, warehouse, feed)
            more = float(empty / rows - before / total) if rows and total else 0.0
            return dg.AssetCheckResult(passed=rows < 20 or more <= 0.2, metadata={"more": more})

        return [volume, nulls]

    return [checks(name, feed) for name, feed in FEEDS.items()]
