"""Loads the last day, whatever day was asked for: a backfill overwrites today."""
# loses: check_days_of_the_company
# %% loads
@part
def loads() -> list:
    days = dg.DailyPartitionsDefinition(start_date="2026-01-01", timezone="America/New_York")

    def load(name, alert, partitions=None):
        feed = FEEDS[name]

        @dg.asset(name=name, partitions_def=partitions, owners=["team:data"],
                  tags={"alert": alert}, required_resource_keys={name, "warehouse", "clock"})
        def asset(context: dg.AssetExecutionContext):
            warehouse = context.resources.warehouse
            now = context.resources.clock.now()
            window = (now - timedelta(days=1), now) if partitions else None
            told = {"dagster/row_count": getattr(context.resources, name).load(warehouse, window)}
            with warehouse.connect() as con:
                newest, = con.execute(f"select max({feed.time}) from raw.{feed.table}").fetchone()
            if newest:
                told["newest"] = dg.MetadataValue.timestamp(newest.replace(tzinfo=UTC))
            return dg.MaterializeResult(metadata=told)

        return asset

    return [load("stripe", "page"), load("production", "page"),
            load("mixpanel", "ticket", days), load("amplitude", "ticket", days)]
