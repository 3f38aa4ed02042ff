"""Listens to failed runs of every job."""
# loses: check_one_alert_a_failure
# %% failure_alerts
@part
def failure_alerts(morning) -> list:
    @dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def failed(context, alerts: Alerts, clock: Clock):
        run = context.dagster_run
        if run.tags.get("dagster/will_retry") == "true":
            return
        wrong = [(event.step_key, reason(event)) for event in context.get_step_failure_events()]
        for step, why in wrong or [("morning", context.failure_event.message)]:
            duty = duty_of(step)
            alerts.fire(Alert(f"failed/{step}", "firing", duty.severity, f"{step}: {why}", clock.now().isoformat(),
                              duty.owner, alerts.run_url(run.run_id), duty.first_step))
        alerts.deliver()

    return [failed]
