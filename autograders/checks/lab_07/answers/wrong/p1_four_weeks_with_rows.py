"""Takes the last four such weekdays that have rows, however long ago."""
# loses: check_unusual_volume, check_unusual_nulls
# %% usual
@part
def usual() -> list:
    def counted(con, feed, day):
        zone = ZoneInfo("America/New_York")
        first, end = (datetime.combine(each, time(), zone).astimezone(UTC).replace(tzinfo=None)
                      for each in (day, day + timedelta(days=1)))
        nulls = " + ".join(f"count(*) filter ({column} is null)" for column in feed.usually)
        return con.execute(f"select count(*), {nulls} from raw.{feed.table} "
                           f"where {feed.time} >= ? and {feed.time} < ?", [first, end]).fetchone()

    def make(name, feed):
        @dg.multi_asset_check(name=f"{name}_usual", specs=[
            dg.AssetCheckSpec("has_usual_volume", asset=name, blocking=True),
            dg.AssetCheckSpec("has_usual_nulls", asset=name, blocking=True)])
        def check(context: dg.AssetCheckExecutionContext, warehouse: WarehouseFile):
            day = date.fromisoformat(context.run.tags["dagster/partition"])
            with warehouse.connect() as con:
                rows, empty = counted(con, feed, day)
                before = [counted(con, feed, day - timedelta(weeks=week)) for week in range(1, 27)]
            before = [(n, nulls) for n, nulls in before if n][:4]
            volume = nulls_fine = True
            if before:
                total = sum(n for n, _ in before)
                average = total / len(before)
                volume = average < 20 or average / 2 <= rows <= average * 2
                share = sum(nulls for _, nulls in before) / (total * len(feed.usually))
                nulls_fine = rows < 20 or empty / (rows * len(feed.usually)) <= share + 0.2
            yield dg.AssetCheckResult(asset_key=name, check_name="has_usual_volume", passed=volume)
            yield dg.AssetCheckResult(asset_key=name, check_name="has_usual_nulls", passed=nulls_fine)

        return check

    return [make(name, feed) for name, feed in FEEDS.items()]
