"""Delivers only what it has said now."""
# loses: check_one_alert_a_failure
# %% failure_alerts
@part
def failure_alerts(morning) -> list:
    @dg.run_failure_sensor(monitored_jobs=[morning], default_status=dg.DefaultSensorStatus.RUNNING)
    def failed(context: dg.RunFailureSensorContext, alerts: Alerts, clock: Clock):
        run = context.dagster_run
        if run.tags.get("dagster/will_retry") != "true":
            found = [(e.step_key, reason(e)) for e in context.get_step_failure_events()]
            for step, why in found or [(run.job_name, context.failure_event.message)]:
                duty = duty_of(step)
                new = f'failed/{step}' not in alerts.open()
                alerts.fire(Alert(f"failed/{step}", "firing", duty.severity, f"{step}: {why}", clock.now().isoformat(),
                                  duty.owner, alerts.run_url(run.run_id), duty.first_step))
                if new:
                    alerts.deliver()

    return [failed]
