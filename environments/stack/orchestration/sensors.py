"""Who is told: of runs that failed, of data that is old, and of alerts that nobody took. And files, when they come.

A step that is tried again fails no run, and what a failure leaves out has not failed: both say nothing here.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from environments.stack.orchestration.alerts import Alert, Alerts, reason
from environments.stack.orchestration.crm import CrmFolder, crm_job
from environments.stack.orchestration.feeds import DUTIES, FEEDS, duty_of
from environments.stack.orchestration.resources import Clock
from environments.stack.orchestration.schedules import morning, reload

RUNNING = dg.DefaultSensorStatus.RUNNING
WILL_RETRY = "dagster/will_retry"
MINUTE = 60
FILES_AT_ONCE = 20
MAX_WHY = 300  # characters


@dg.run_failure_sensor(monitored_jobs=[morning, reload, crm_job], default_status=RUNNING,
                       minimum_interval_seconds=MINUTE)
def failed_runs(context: dg.RunFailureSensorContext, alerts: Alerts, clock: Clock) -> None:
    """An alert for each step that failed by itself, and the end of those that are well."""
    run = context.dagster_run
    if run.tags.get(WILL_RETRY) == "true":
        return
    settle(context, alerts, clock.now())
    steps = {event.step_key: event for event in context.get_step_failure_events() if event.step_key}
    for step, event in steps.items():
        alerts.fire(_failed(step, reason(event), alerts.run_url(run.run_id), clock.now()))
    if not steps:
        why = context.failure_event.message or "no message"
        alerts.fire(_failed(run.job_name, why, alerts.run_url(run.run_id), clock.now()))
    alerts.deliver()


@dg.run_status_sensor(run_status=dg.DagsterRunStatus.SUCCESS, monitored_jobs=[morning, reload, crm_job],
                      default_status=RUNNING, minimum_interval_seconds=MINUTE)
def recovered_runs(context: dg.RunStatusSensorContext, alerts: Alerts, clock: Clock) -> None:
    """The end of incidents whose step has gone well again."""
    settle(context, alerts, clock.now())
    alerts.deliver()


def settle(context: dg.RunStatusSensorContext, alerts: Alerts, now: datetime) -> None:
    run = context.dagster_run
    done = context.instance.get_run_step_stats(run.run_id)
    for stats in done:
        if stats.status is not None and stats.status.name == "SUCCESS":
            alerts.resolve(_failing(stats.step_key), now)
    if run.status == dg.DagsterRunStatus.SUCCESS:
        alerts.resolve(_failing(run.job_name), now)


@dg.sensor(default_status=RUNNING, minimum_interval_seconds=5 * MINUTE)
def stale_data(context: dg.SensorEvaluationContext, alerts: Alerts, clock: Clock):
    """An alert for each source whose newest row is too old, whatever its runs say."""
    now, old = clock.now(), []
    for name, newest in watermarks(context.instance).items():
        feed = FEEDS[name]
        if now <= newest + feed.late:
            alerts.resolve(f"stale/{name}", now)
        else:
            old.append(name)
            alerts.fire(_stale(name, newest, newest + feed.late, alerts))
    alerts.deliver()
    return dg.SkipReason(f"Too old: {', '.join(old)}." if old else "All sources are fresh.")


def watermarks(instance: dg.DagsterInstance) -> dict[str, datetime]:
    """By source, when its newest row in the warehouse came to be, as its last load noted it."""
    found = {}
    for record in instance.get_asset_records([dg.AssetKey(name) for name in FEEDS]):
        last = record.asset_entry.last_materialization
        noted = last.asset_materialization.metadata.get("newest") if last and last.asset_materialization else None
        if noted:
            found[record.asset_entry.asset_key.path[-1]] = datetime.fromtimestamp(float(noted.value), UTC)  # type: ignore[arg-type]
    return found


@dg.sensor(default_status=RUNNING, minimum_interval_seconds=MINUTE)
def undelivered_alerts(alerts: Alerts):
    """Posts what the webhook has not taken. Until it does, this sensor fails, which its page shows; and no heartbeat
    comes, which the inbox shows."""
    waited = alerts.deliver()
    alerts.beat("teaspoon", MINUTE)
    return dg.SkipReason(f"{waited} alerts were waiting.")


@dg.sensor(job=crm_job, default_status=RUNNING, minimum_interval_seconds=MINUTE)
def new_crm_files(context: dg.SensorEvaluationContext, crm_folder: CrmFolder):
    """A run for each file that is new or has another time of change than at the last look, oldest first. The cursor has
    the files and times that are known, so a daemon that was stopped misses none, and none is loaded twice. The newest
    time alone would not do: a copy may keep the time of what was copied, and come after a younger file."""
    seen = json.loads(context.cursor or "{}")
    files = {file.name: file.stat().st_mtime_ns for file in Path(crm_folder.path).glob("*.csv")}
    known = {name: at for name, at in files.items() if seen.get(name) == at}
    fresh = sorted(files.keys() - known.keys(), key=lambda name: (files[name], name))[:FILES_AT_ONCE]
    # Without run keys, by which Dagster would take a file that is put back as it was for one that it has loaded.
    runs = [dg.RunRequest(run_config=crm_folder.config_of(name)) for name in fresh]
    return dg.SensorResult(run_requests=runs, cursor=json.dumps(known | {name: files[name] for name in fresh}))


def _failing(step: str) -> str:
    return f"failed/{step}"


def _failed(step: str, why: str, run_url: str, now: datetime) -> Alert:
    duty = duty_of(step)
    return Alert(_failing(step), "firing", duty.severity, f"{step} failed: {why[:MAX_WHY]}", now.isoformat(),
                 duty.owner, run_url, duty.first_step)


def _stale(name: str, newest: datetime, since: datetime, alerts: Alerts) -> Alert:
    duty = DUTIES[name]
    return Alert(f"stale/{name}", "firing", duty.severity, f"{name}: the newest row is of {newest.isoformat()}",
                 since.isoformat(), duty.owner, alerts.ui, duty.first_step)
