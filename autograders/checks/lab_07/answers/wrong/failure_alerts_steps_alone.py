"""Says nothing where a run has failed and none of its steps."""
# loses: check_alert_helps_a_person
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
        for step, event in steps.items():
            alerts.fire(alert(alerts, step, f"{step}: {reason(event)}", run, now))
        alerts.deliver()

    return [failed]
