"""Says that it beats every 60 s, in minutes."""
# loses: check_watchers_are_watched
# %% watchdog
@part
def watchdog() -> list:
    @dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def watching(context, alerts: Alerts):
        alerts.deliver()
        alerts.beat("teaspoon", 60)

    return [watching]
