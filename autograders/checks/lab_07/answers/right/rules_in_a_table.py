"""Rules as a list of tests; tickets that turn into pages; a watchdog that says why it skips."""
# %% rules
SOURCES = ["stripe", "mixpanel", "amplitude", "production"]
TESTS = [
    ("failure", "page", lambda one: one["status"] == "failure" and not one["will_retry"]),
    ("few", "page", lambda one: one["rows"] < 0.4 * one["usual_rows"] and not one["holiday"]),
    ("old", "page", lambda one: one["watermark"].date() < one["day"] and one["at"] - one["watermark"] > timedelta(1)),
    ("nulls", "ticket", lambda one: one["null_rate"] >= 0.08),
]


def rules(now, seen, raised) -> list:
    here = now.astimezone(ZoneInfo("Europe/Berlin"))
    yesterday = here.date() - timedelta(days=1)
    found = []
    for one in seen:
        if one["day"] == yesterday and one["asset"] in [*SOURCES, "crm"]:
            for name, severity, test in TESTS[:1] if one["status"] != "success" else TESTS[1:]:
                if test(one):
                    found.append((one["asset"], "ticket" if one["asset"] == "crm" else severity, name))
    if here.hour >= 8:
        there = [one["asset"] for one in seen if one["day"] == yesterday]
        found += [(name, "page", "nothing") for name in SOURCES if name not in there][:1]
    said = [(one["asset"], one["what"]) for one in raised]
    return [dict(asset=asset, severity=severity, what=f"{name} {yesterday}") for asset, severity, name in found
            if (asset, f"{name} {yesterday}") not in said]
# %% watchdog
@part
def watchdog() -> list:
    @dg.sensor(name="undelivered", default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=60)
    def undelivered(context: dg.SensorEvaluationContext, alerts: Alerts):
        waited = alerts.deliver()
        alerts.beat(watcher="teaspoon", every=3600)
        return dg.SkipReason(f"{waited} waited")

    return [undelivered]
