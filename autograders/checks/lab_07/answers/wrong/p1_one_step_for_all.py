"""All four checks in one step: one that fails holds up everything."""
# loses: check_stale_data_stops
# %% fresh
@part
def fresh():
    specs = [dg.AssetCheckSpec("is_fresh", asset=name, blocking=True) for name in FEEDS]

    @dg.multi_asset_check(name="all_fresh", specs=specs, can_subset=True)
    def all_fresh(context: dg.AssetCheckExecutionContext, clock: Clock, warehouse: WarehouseFile):
        wanted = {key.asset_key.to_user_string() for key in context.selected_asset_check_keys}
        with warehouse.connect() as con:
            for name in sorted(wanted):
                feed = FEEDS[name]
                seconds, = con.execute(f"select epoch(max({feed.time})) from raw.{feed.table}").fetchone()
                passed = seconds is not None and clock.now().timestamp() - seconds <= feed.late.total_seconds()
                yield dg.AssetCheckResult(asset_key=name, check_name="is_fresh", passed=passed)

    return all_fresh
