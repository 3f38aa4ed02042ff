"""Alerts about every table that was not made, also for another's failure."""
# loses: check_one_alert_a_failure
# %% failure_alerts
@part
def failure_alerts(morning) -> list:
    def alert(alerts, step, what, run, now):
        duty = duty_of(step)
        return Alert(f"failed/{step}", "firing", duty.severity, what, now.isoformat(), duty.owner,
                     alerts.run_url(run.run_id), duty.first_step)

    @dg.run_failure_sensor(monitored_jobs=[morning],
                           default_status=dg.DefaultSensorStatus.RUNNING)
    def failed(context, alerts: Alerts, clock: Clock):
        run, now = context.dagster_run, clock.now()
        if run.tags.get("dagster/will_retry") == "true":
            return
        steps = {event.step_key: event for event in context.get_step_failure_events()}
        tables = {"ASSET_MATERIALIZATION_PLANNED": set(), "ASSET_MATERIALIZATION": set()}
        for entry in context.instance.all_logs(run.run_id):
            if entry.dagster_event and entry.dagster_event.event_type_value in tables:
                tables[entry.dagster_event.event_type_value].add(entry.dagster_event.asset_key.path[-1])
        planned, made = tables.values()
        for name in planned - made - set(steps):
            alerts.fire(alert(alerts, name, "left out", run, now))
        for step, event in steps.items():
            alerts.fire(alert(alerts, step, f"{step}: {reason(event)}", run, now))
        if not steps:
            alerts.fire(alert(alerts, run.job_name, context.failure_event.message, run, now))
        alerts.deliver()

    return [failed]
