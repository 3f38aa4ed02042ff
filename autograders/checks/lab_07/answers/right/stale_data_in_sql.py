"""All sources in one query; posts as the state of a table; ages by accumulation."""
# %% stale_data
@part
def stale_data() -> list:
    @dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=300)
    def look(context: dg.SensorEvaluationContext, alerts: Alerts, clock: Clock, warehouse: WarehouseFile):
        ages = " union all ".join(
            f"select '{name}', epoch(max({feed.time})) from raw.{feed.table}" for name, feed in FEEDS.items())
        with warehouse.connect() as con:
            newest = dict(con.execute(ages).fetchall())
        now, old = clock.now(), []
        for name, seconds in newest.items():
            due = datetime.fromtimestamp(seconds, timezone) + FEEDS[name].late
            if due < now:
                old.append(name)
                duty = duty_of(name)
                alerts.fire(Alert(f"stale/{name}", "firing", duty.severity, f"{name} is old", due.isoformat(),
                                  duty.owner, alerts.ui, duty.first_step))
            else:
                alerts.resolve(f"stale/{name}", now)
        alerts.deliver()
        return dg.SkipReason(f"old: {old}")

    timezone = ZoneInfo("America/New_York")
    return [look]
# %% due_posts
def due_posts(wrong, memory, now, minutes) -> tuple:
    """Lines of text: key, since and whether it was told as a page, with tabs between."""
    before = dict()
    for line in memory.splitlines():
        key, since, loud = line.split("\t")
        before[key] = since, loud == "page"
    posts = [dict(key=key, status="resolved") for key in before if key not in wrong]
    lines = []
    for key, about in wrong.items():
        is_new = key not in before
        since, loud = before.get(key, (now.isoformat(), about["severity"] == "page"))
        late = now.timestamp() - datetime.fromisoformat(since).timestamp() >= 60 * minutes
        if is_new or late and not loud:
            severity = about["severity"] if is_new else "page"
            posts.append(dict(about, key=key, status="firing", since=since, severity=severity))
        lines.append("\t".join((key, since, "page" if loud or late and not is_new else "ticket")))
    return posts, "\n".join(lines)
# %% age_limit
def age_limit(loads) -> int:
    from itertools import accumulate

    newest = list(accumulate((row for _, row in loads), max))
    seconds = max((later[0] - row).total_seconds() for later, row in zip(loads[1:], newest))
    return -int(-seconds // 3600)
