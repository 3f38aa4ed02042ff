"""An asset a function, typed resources, waits that grow by a minute, a schedule without a decorator."""
# %% loads
@part
def loads() -> list:
    days = dg.DailyPartitionsDefinition("2026-01-01", timezone="US/Eastern")
    common = {"owners": ["team:data"], "group_name": "raw"}

    def told(name, rows, warehouse):
        with warehouse.connect() as con:
            newest = max((at for at, in con.execute(
                f"select {FEEDS[name].time} from raw.{FEEDS[name].table}").fetchall()), default=None)
        metadata = {"dagster/row_count": dg.MetadataValue.int(rows)}
        if newest is not None:
            metadata["newest"] = dg.TimestampMetadataValue(newest.replace(tzinfo=UTC).timestamp())
        return dg.MaterializeResult(metadata=metadata)

    @dg.asset(tags={"alert": "page"}, **common)
    def stripe(stripe: Source, warehouse: WarehouseFile):
        return told("stripe", stripe.load(warehouse), warehouse)

    @dg.asset(tags={"alert": "page"}, **common)
    def production(production: Source, warehouse: WarehouseFile):
        return told("production", production.load(warehouse), warehouse)

    @dg.asset(tags={"alert": "ticket"}, partitions_def=days, **common)
    def mixpanel(context: dg.AssetExecutionContext, mixpanel: Source, warehouse: WarehouseFile):
        start, end = context.partition_time_window
        return told("mixpanel", mixpanel.load(warehouse, (start, end)), warehouse)

    @dg.asset(tags={"alert": "ticket"}, partitions_def=days, **common)
    def amplitude(context: dg.AssetExecutionContext, amplitude: Source, warehouse: WarehouseFile):
        start, end = context.partition_time_window
        return told("amplitude", amplitude.load(warehouse, (start, end)), warehouse)

    return [amplitude, mixpanel, production, stripe]
# %% published
@part
def published():
    @dg.asset(deps=["fct_mrr"])
    def billing_published(public: PublicFolder, warehouse: WarehouseFile) -> None:
        public.put(warehouse, "billing", ["fct_mrr"])

    @dg.asset(deps=[dg.AssetKey("dim_customers")], retry_policy=dg.RetryPolicy(max_retries=1))
    def customer_published(public: PublicFolder, warehouse: WarehouseFile) -> None:
        public.put(warehouse, "customer", ("dim_customers",))

    return billing_published, customer_published
# %% every_morning
@part
def every_morning(morning):
    def asked(context):
        going_on = context.instance.get_runs(dg.RunsFilter(job_name="morning"))
        busy = [run for run in going_on if not run.is_finished]
        if busy:
            return dg.SkipReason(f"{len(busy)} runs have not ended")
        due = context.scheduled_execution_time.astimezone(ZoneInfo("America/New_York"))
        day = (due.replace(tzinfo=None) - timedelta(days=1)).strftime("%Y-%m-%d")
        return dg.RunRequest(run_key=day, partition_key=day)

    return dg.ScheduleDefinition(
        name="at_six", job=morning, cron_schedule="0 6 * * *", execution_timezone="US/Eastern",
        execution_fn=asked, default_status=dg.DefaultScheduleStatus.RUNNING)
# %% billing
@part
def billing():
    @dg.asset(retry_policy=dg.RetryPolicy(max_retries=3, delay=120, backoff=dg.Backoff.LINEAR))
    def stripe(context: dg.AssetExecutionContext, stripe: Source, warehouse: WarehouseFile):
        try:
            rows = stripe.load(warehouse)
        except Exception as e:
            if isinstance(e, Passing):
                raise
            raise dg.Failure(description=f"not tried again: {e}", allow_retries=False)
        context.log.info("%s rows", rows)

    return [stripe]
# %% bad_nights
def bad_nights(runs, first, last):
    runs = sorted(runs, key=lambda run: run["started"])
    overlapped, busy_until = set(), None
    for run in runs:
        if busy_until is not None and run["started"] < busy_until:
            overlapped.add(run["night"])
        busy_until = run["ended"] if busy_until is None else max(busy_until, run["ended"])
    seen = {run["night"] for run in runs}
    missing = []
    night = first
    while night <= last:
        if night not in seen:
            missing.append(night)
        night += timedelta(days=1)
    failed = sorted({run["night"] for run in runs if set(run["codes"]) - {0}})
    return {"missing": missing, "failed": failed, "overlapped": sorted(overlapped)}
# %% asset_key
def asset_key(node):
    return node.get("source_name") or node["name"]
