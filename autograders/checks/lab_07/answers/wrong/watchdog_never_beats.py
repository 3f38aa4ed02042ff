"""Delivers, and tells nobody that it is alive."""
# loses: check_watchers_are_watched
# %% watchdog
@part
def watchdog() -> list:
    @dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def watching(alerts: Alerts):
        alerts.deliver()

    return [watching]
