"""Compares with last week alone."""
# loses: check_unusual_volume, check_unusual_nulls
# %% usual
@part
def usual() -> list:
    def counted(con, feed, day):
        """How many rows a day has, and how many nulls, in rows."""
        first, end = (datetime.combine(each, time(), ZoneInfo("America/New_York"))
                      for each in (day, day + timedelta(days=1)))
        nulls = " + ".join(f"count(*) filter ({column} is null)" for column in feed.usually)
        return con.execute(f"select count(*), ({nulls}) / {len(feed.usually)} from "
                           f"raw.{feed.table} where {feed.time}::timestamptz >= ? and "
                           f"{feed.time}::timestamptz < ?", [first, end]).fetchone()

    def of(name, feed):
        specs = [dg.AssetCheckSpec(check, asset=name, blocking=True)
                 for check in ("has_usual_volume", "has_usual_nulls")]

        @dg.multi_asset_check(name=f"{name}_usual", specs=specs)
        def checks(context: dg.AssetCheckExecutionContext, warehouse: WarehouseFile):
            day = date.fromisoformat(context.run.tags["dagster/partition"])
            with warehouse.connect() as con:
                rows, nulls = counted(con, feed, day)
                weeks = [counted(con, feed, day - timedelta(weeks=n)) for n in (1,)]
            weeks = [(count, empty) for count, empty in weeks if count]
            total = sum(count for count, _ in weeks)
            mean = total / len(weeks) if weeks else 0
            before = sum(empty for _, empty in weeks) / total if weeks else 1
            passed = (mean < 20 or mean / 2 <= rows <= 2 * mean,
                      rows < 20 or nulls / rows <= before + 0.2)
            for spec, good in zip(specs, passed, strict=True):
                yield dg.AssetCheckResult(asset_key=name, check_name=spec.name, passed=good)

        return checks

    return [of(name, feed) for name, feed in FEEDS.items()]
