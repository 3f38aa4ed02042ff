"""The check fails, and all goes on."""
# loses: check_stale_data_stops
# %% fresh
@part
def fresh() -> list:
    def is_fresh(name, feed):
        @dg.asset_check(asset=name, name="is_fresh")
        def check(clock: Clock, warehouse: WarehouseFile):
            with warehouse.connect() as con:
                newest, = con.execute(f"select max({feed.time}) from raw.{feed.table}").fetchone()
            age = newest and clock.now() - newest.replace(tzinfo=UTC)
            return dg.AssetCheckResult(passed=newest is not None and age <= feed.late)

        return check

    return [is_fresh(name, feed) for name, feed in FEEDS.items()]
