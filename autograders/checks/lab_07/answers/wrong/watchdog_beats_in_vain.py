"""An error of the heartbeat is swallowed."""
# loses: check_watchers_are_watched
# %% watchdog
@part
def watchdog() -> list:
    @dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def watching(context, alerts: Alerts):
        alerts.deliver()
        try:
            alerts.beat("teaspoon", 3600)
        except OSError as error:
            context.log.warning(f"no heartbeat: {error}")

    return [watching]
