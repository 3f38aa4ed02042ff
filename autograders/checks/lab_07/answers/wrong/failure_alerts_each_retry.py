"""A step that failed once and was then done counts as failed: STEP_UP_FOR_RETRY is taken with STEP_FAILURE."""
# loses: check_one_alert_a_failure

# %% failure_alerts
@part
def failure_alerts(morning) -> list:
    @dg.run_failure_sensor(monitored_jobs=[morning],
                           default_status=dg.DefaultSensorStatus.RUNNING)
    def tell_failures(context: dg.RunFailureSensorContext, alerts: Alerts, clock: Clock):
        run = context.dagster_run
        if run.tags.get("dagster/will_retry") == "true":
            return
        reasons = {}
        for entry in context.instance.all_logs(run.run_id):
            event = entry.dagster_event
            if event and event.event_type_value in ("STEP_FAILURE", "STEP_UP_FOR_RETRY"):
                try:
                    reasons[event.step_key] = reason(event)
                except Exception:
                    reasons[event.step_key] = event.message
        if not reasons:
            reasons = {run.job_name: context.failure_event.message}
        for step, why in reasons.items():
            duty = duty_of(step)
            alerts.fire(Alert(key=f"failed/{step}", status="firing", severity=duty.severity,
                              what=f"{step} failed: {why}", since=clock.now().isoformat(),
                              owner=duty.owner, run_url=alerts.run_url(run.run_id),
                              first_step=duty.first_step))
        alerts.deliver()

    return [tell_failures]
