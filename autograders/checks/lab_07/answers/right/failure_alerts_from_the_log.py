"""A status sensor that reads the log; posts with requests; files by pairs in a result's cursor; a key by urllib."""
# %% failure_alerts
@part
def failure_alerts(morning) -> list:
    @dg.run_status_sensor(run_status=dg.DagsterRunStatus.FAILURE, monitored_jobs=[morning],
                          default_status=dg.DefaultSensorStatus.RUNNING)
    def told(context: dg.RunStatusSensorContext, alerts: Alerts, clock: Clock):
        run = context.dagster_run
        if run.tags.get("dagster/will_retry", "") == "true":
            return
        found = {}
        for entry in context.instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE):
            found[entry.dagster_event.step_key] = reason(entry.dagster_event)
        found = found or {run.job_name: context.dagster_event.message or "failed"}
        for name, why in found.items():
            duty = duty_of(name)
            alerts.fire(Alert(
                key="failed/" + name, status="firing", severity=duty.severity, what=name + " failed: " + why,
                since=clock.now().isoformat(timespec="seconds"), owner=duty.owner,
                run_url=alerts.run_url(run.run_id), first_step=duty.first_step))
        alerts.deliver()

    return [told]
# %% deliver
def deliver(waiting, url, token) -> list:
    import requests

    session, left = requests.Session(), list(waiting)
    session.headers["Authorization"] = f"Bearer {token}"
    while left:
        try:
            status = session.post(url, json=left[0], timeout=10).status_code
        except requests.RequestException:
            break
        if status // 100 != 2 and status not in {400, 413, 422}:
            break
        left.pop(0)
    return left
# %% new_files
@part
def new_files(crm_job) -> list:
    import json
    import os

    @dg.sensor(job=crm_job, default_status=dg.DefaultSensorStatus.RUNNING)
    def sheets(context: dg.SensorEvaluationContext, crm_folder: CrmFolder) -> dg.SensorResult:
        known = {tuple(each) for each in json.loads(context.cursor or "[]")}
        there = sorted((os.stat(file).st_mtime_ns, file.name) for file in os.scandir(crm_folder.path)
                       if file.name.endswith(".csv"))
        asked = [dg.RunRequest(run_config=crm_folder.config_of(name))
                 for at, name in there if (at, name) not in known]
        return dg.SensorResult(run_requests=asked, cursor=json.dumps(there))

    return [sheets]
# %% stripe_account
@part
def stripe_account() -> list:
    import json
    import os
    import urllib.error
    import urllib.request

    @dg.asset(key="stripe_account", owners=["team:data"], tags={"alert": "page"},
              retry_policy=dg.RetryPolicy(max_retries=0))
    def account(context: dg.AssetExecutionContext) -> None:
        asked = urllib.request.Request(os.environ["STRIPE_URL"], headers={
            "Authorization": "Bearer " + dg.EnvVar("STRIPE_API_KEY").get_value()})
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                status, told = answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"refused with {error.code}") from None
        if status != 200:
            raise RuntimeError(f"answered {status}")
        context.add_output_metadata({"charges": told["charges"]})

    return [account]
