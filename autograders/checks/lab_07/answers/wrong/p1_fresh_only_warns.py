'''blocking is there, but a failure is only a warning, and a warning holds nothing up.'''
# loses: check_stale_data_stops
# %% fresh
@part
def fresh() -> list:
    def check_of(name, feed):
        @dg.asset_check(asset=name, name="is_fresh", blocking=True)
        def is_fresh(warehouse: WarehouseFile, clock: Clock):
            with warehouse.connect() as con:
                newest, = con.execute(f"select max({feed.time}) from raw.{feed.table}").fetchone()
            passed = newest is not None and clock.now() - newest.replace(tzinfo=UTC) <= feed.late
            return dg.AssetCheckResult(passed=passed, severity=dg.AssetCheckSeverity.WARN)
        return is_fresh

    return [check_of(name, feed) for name, feed in FEEDS.items()]
