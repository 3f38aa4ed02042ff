"""Never says that data is fresh again."""
# loses: check_old_data_is_told
# %% stale_data
@part
def stale_data() -> list:
    @dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING)
    def stale(alerts: Alerts, clock: Clock, warehouse: WarehouseFile):
        now = clock.now()
        for name, feed in FEEDS.items():
            with warehouse.connect() as con:
                newest, = con.execute(f"select max({feed.time}) from raw.{feed.table}").fetchone()
            since, duty = newest.replace(tzinfo=UTC) + feed.late, duty_of(name)
            if now > since:
                alerts.fire(Alert(f"stale/{name}", "firing", duty.severity,
                                  f"{name}: its newest row is of {newest}", since.isoformat(),
                                  duty.owner, alerts.ui, duty.first_step))
        alerts.deliver()

    return [stale]
