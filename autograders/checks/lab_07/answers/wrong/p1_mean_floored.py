"""The mean is a whole number."""
# loses: check_unusual_volume
# %% usual
@part
def usual() -> list:
    here = ZoneInfo("America/New_York")

    def one(name, feed):
        @dg.multi_asset_check(name=f"{name}_usual", specs=[
            dg.AssetCheckSpec("has_usual_volume", asset=name, blocking=True),
            dg.AssetCheckSpec("has_usual_nulls", asset=name, blocking=True)])
        def check(context: dg.AssetCheckExecutionContext, warehouse: WarehouseFile):
            today = date.fromisoformat(context.run.tags["dagster/partition"])

            def counted(con, day):
                start, end = (datetime.combine(d, time(), here).astimezone(UTC).replace(tzinfo=None)
                              for d in (day, day + timedelta(days=1)))
                nulls = " + ".join(f"count(*) - count({column})" for column in feed.usually)
                return con.execute(f"select count(*), {nulls} from raw.{feed.table} "
                                   f"where {feed.time} >= ? and {feed.time} < ?", [start, end]).fetchone()

            with warehouse.connect() as con:
                rows, nulls = counted(con, today)
                before = [counted(con, today - timedelta(weeks=n)) for n in (1, 2, 3, 4)]
            before = [each for each in before if each[0]]
            volume = few = True
            if before:
                total = sum(r for r, _ in before)
                mean = total // len(before)
                volume = mean < 20 or mean / 2 <= rows <= mean * 2
                width = len(feed.usually)
                few = rows < 20 or nulls / (rows * width) <= sum(n for _, n in before) / (total * width) + 0.2
            yield dg.AssetCheckResult(asset_key=name, check_name="has_usual_volume", passed=bool(volume))
            yield dg.AssetCheckResult(asset_key=name, check_name="has_usual_nulls", passed=bool(few))
        return check

    return [one(name, feed) for name, feed in FEEDS.items()]
