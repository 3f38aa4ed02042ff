"""An empty table has nothing stale in it."""
# loses: check_by_the_watermark
# %% fresh
@part
def fresh() -> list:
    def is_fresh(name, feed):
        @dg.asset_check(asset=name, name="is_fresh", blocking=True)
        def check(clock: Clock, warehouse: WarehouseFile):
            with warehouse.connect() as con:
                newest, = con.execute(f"select max({feed.time}) from raw.{feed.table}").fetchone()
            age = newest and clock.now() - newest.replace(tzinfo=UTC)
            return dg.AssetCheckResult(passed=newest is None or age <= feed.late)

        return check

    return [is_fresh(name, feed) for name, feed in FEEDS.items()]
