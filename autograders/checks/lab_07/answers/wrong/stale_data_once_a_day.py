"""Looks once a day."""
# loses: check_old_data_is_told
# %% stale_data
@part
def stale_data() -> list:
    @dg.sensor(minimum_interval_seconds=86400, default_status=dg.DefaultSensorStatus.RUNNING)
    def old(warehouse: WarehouseFile, alerts: Alerts, clock: Clock):
        with warehouse.connect() as con:
            newest = {name: con.execute(f"select max({f.time}) from raw.{f.table}").fetchone()[0].replace(tzinfo=UTC)
                      for name, f in FEEDS.items()}
        for name, feed in FEEDS.items():
            now, limit = clock.now(), newest[name] + feed.late
            if now > limit:
                duty = duty_of(name)
                alerts.fire(Alert(f"stale/{name}", "firing", duty.severity, f"{name} is old", limit.isoformat(),
                                  duty.owner, alerts.ui, duty.first_step))
            else:
                alerts.resolve(f"stale/{name}", now)
        alerts.deliver()

    return [old]
