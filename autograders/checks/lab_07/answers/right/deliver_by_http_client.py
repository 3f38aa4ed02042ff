"""Posts by http.client; a state in JSON with lists; the newest file by name; a sensor for each source."""
# %% deliver
def deliver(waiting, url, token) -> list:
    import http.client
    from urllib.parse import urlsplit

    place = urlsplit(url)
    for nth in range(len(waiting)):
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=5)
        try:
            connection.request("POST", place.path, json.dumps(waiting[nth]), {"Authorization": "Bearer " + token})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return waiting[nth:]
        finally:
            connection.close()
        if not (200 <= status < 300 or status in (400, 413, 422)):
            return waiting[nth:]
    return waiting[len(waiting):]
# %% stale_data
@part
def stale_data() -> list:
    def of(name, feed):
        @dg.sensor(name=f"stale_{name}", default_status=dg.DefaultSensorStatus.RUNNING)
        def look(alerts: Alerts, clock: Clock, warehouse: WarehouseFile):
            with warehouse.connect() as con:
                row = con.execute(f"select max({feed.time}) as newest from raw.{feed.table}").fetchone()
            due = row[0].replace(tzinfo=UTC) + feed.late
            if clock.now() > due:
                duty = duty_of(name)
                alerts.fire(Alert(f"stale/{name}", "firing", duty.severity, str(row[0]), due.isoformat(), duty.owner,
                                  alerts.ui, duty.first_step))
            else:
                alerts.resolve(f"stale/{name}", clock.now())
            alerts.deliver()

        return look

    return [of(name, feed) for name, feed in FEEDS.items()]
