"""A sensor names its job as a text; sensors without decorators, generators, and one SQL query for all feeds."""
# %% failure_alerts
@part
def failure_alerts(morning) -> tuple:
    def told(context):
        run, alerts = context.dagster_run, context.resources.alerts
        names = {event.step_key: reason(event) for event in context.get_step_failure_events()} or {
            run.job_name: context.failure_event.message}
        if run.tags.get("dagster/will_retry", "").lower() == "true":
            names = {}
        for name in reversed(names):
            d = duty_of(name)
            alerts.fire(Alert(key="failed/" + name, status="firing", severity=d.severity, owner=d.owner,
                              what=f"{names[name]} ({name})", since=context.resources.clock.now().astimezone(UTC).isoformat(),
                              run_url=alerts.run_url(run.run_id), first_step=d.first_step))
        alerts.deliver()

    @dg.run_status_sensor(run_status=dg.DagsterRunStatus.FAILURE, monitored_jobs=[morning], name="told",
                          default_status=dg.DefaultSensorStatus.RUNNING)
    def sensor(context, alerts: Alerts, clock: Clock):
        import types
        inner = context.for_run_failure()
        told(types.SimpleNamespace(dagster_run=inner.dagster_run, failure_event=inner.failure_event,
                                   get_step_failure_events=inner.get_step_failure_events,
                                   resources=types.SimpleNamespace(alerts=alerts, clock=clock)))

    return [sensor]
# %% stale_data
@part
def stale_data() -> list:
    @dg.sensor(name="oldness", default_status=dg.DefaultSensorStatus.RUNNING, required_resource_keys={"warehouse", "alerts", "clock"})
    def look(context):
        r = context.resources
        union = " union all ".join(f"select '{n}', max(epoch_us({f.time})) from raw.{f.table}" for n, f in FEEDS.items())
        with r.warehouse.connect() as con:
            rows = con.execute(union).fetchall()
        for name, us in rows:
            late = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us) + FEEDS[name].late
            if late >= r.clock.now():
                r.alerts.resolve("stale/" + name, r.clock.now())
                continue
            duty = duty_of(name)
            r.alerts.fire(Alert(first_step=duty.first_step, owner=duty.owner, severity=duty.severity, status="firing",
                                key="stale/" + name, what="old", run_url=r.alerts.ui,
                                since=late.astimezone(ZoneInfo("Asia/Tokyo")).isoformat()))
        r.alerts.deliver()
        yield dg.SkipReason("looked")

    return [look]
# %% watchdog
@part
def watchdog() -> list:
    def look(context):
        context.resources.alerts.deliver()
        context.resources.alerts.beat(every=3600, watcher="teaspoon")
        return dg.SkipReason("nothing to run")

    return [dg.SensorDefinition(name="dog", evaluation_fn=look, required_resource_keys={"alerts"},
                                default_status=dg.DefaultSensorStatus.RUNNING)]
# %% new_files
@part
def new_files(crm_job) -> list:
    @dg.sensor(job_name="crm_sheet", default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=30)
    def sheets(context, crm_folder: CrmFolder):
        now = {entry.name: repr(entry.stat().st_mtime) for entry in os.scandir(crm_folder.path)
               if entry.name.endswith(".csv")}
        was = dict(json.loads(context.cursor)) if context.cursor else {}
        new = [name for name in now if was.get(name) != now[name]]
        new.sort()
        new.sort(key=lambda name: float(now[name]))
        return dg.SensorResult(run_requests=[dg.RunRequest(run_config=crm_folder.config_of(name)) for name in new],
                               cursor=json.dumps(sorted(now.items())))

    return [sheets]
# %% stripe_account
@part
def stripe_account() -> list:
    import http.client
    from urllib.parse import urlsplit

    @dg.multi_asset(name="stripe_account", specs=[dg.AssetSpec("stripe_account", owners=["team:data"], tags={"alert": "page"})])
    def account():
        to = urlsplit(os.environ["STRIPE_URL"])
        kind = http.client.HTTPSConnection if to.scheme == "https" else http.client.HTTPConnection
        connection = kind(to.netloc, timeout=20)
        path = (to.path or "/") + ("?" + to.query if to.query else "")
        connection.request("GET", path, headers={"Authorization": "Bearer " + os.environ["STRIPE_API_KEY"]})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"the account was refused: HTTP {answer.status}")
        yield dg.MaterializeResult(asset_key="stripe_account", metadata={"charges": dg.MetadataValue.int(json.loads(text)["charges"])})

    return [account]
