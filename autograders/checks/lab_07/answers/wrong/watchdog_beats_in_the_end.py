"""The heartbeat is in a finally: it says that all is well also when the inbox took nothing."""
# loses: check_watchers_are_watched

# %% watchdog
@part
def watchdog() -> list:
    @dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def watch(context: dg.SensorEvaluationContext, alerts: Alerts):
        try:
            alerts.deliver()
        finally:
            alerts.beat("teaspoon", 3600)

    return [watch]
