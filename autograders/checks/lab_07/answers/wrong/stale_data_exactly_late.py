"""Exactly feed.late old is told as too old."""
# loses: check_old_data_is_told

# %% stale_data
@part
def stale_data() -> list:
    @dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def old_data(context: dg.SensorEvaluationContext, warehouse: WarehouseFile, alerts: Alerts,
                 clock: Clock):
        now = clock.now()
        with warehouse.connect() as con:
            newest = {name: con.execute(f"select max({feed.time}) from raw.{feed.table}").fetchone()[0]
                      for name, feed in FEEDS.items()}
        for name, feed in FEEDS.items():
            key = f"stale/{name}"
            if newest[name] is None:
                continue
            too_old = newest[name].replace(tzinfo=UTC) + feed.late
            if now >= too_old:
                duty = duty_of(name)
                alerts.fire(Alert(key=key, status="firing", severity=duty.severity,
                                  what=f"{name} is too old", since=too_old.isoformat(),
                                  owner=duty.owner, run_url=alerts.ui,
                                  first_step=duty.first_step))
            else:
                alerts.resolve(key, now)
        alerts.deliver()

    return [old_data]
