"""Swallows the error, so that the look is green while no alert goes out."""
# loses: check_watchers_are_watched
# %% watchdog
@part
def watchdog() -> list:
    @dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def watching(alerts: Alerts):
        try:
            alerts.deliver()
            alerts.beat("teaspoon", 3600)
        except Exception:
            pass

    return [watching]
