"""Freshness from when a load ended: an empty export is fresh each morning."""
# loses: check_old_data_is_told
# %% stale_data
@part
def stale_data() -> list:
    @dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def stale(context: dg.SensorEvaluationContext, alerts: Alerts, clock: Clock):
        now = clock.now()
        for name, feed in FEEDS.items():
            event = context.instance.get_latest_materialization_event(dg.AssetKey(name))
            if event is None:
                continue
            since, duty = datetime.fromtimestamp(event.timestamp, UTC) + feed.late, duty_of(name)
            if now <= since:
                alerts.resolve(f"stale/{name}", now)
            else:
                alerts.fire(Alert(f"stale/{name}", "firing", duty.severity, "old", since.isoformat(),
                                  duty.owner, alerts.ui, duty.first_step))
        alerts.deliver()

    return [stale]
