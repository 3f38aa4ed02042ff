"""The newest row is read as a time of the machine, not of UTC."""
# loses: check_loads_say_what_came
# %% loads
@part
def loads() -> list:
    days = dg.DailyPartitionsDefinition(start_date="2026-01-01", timezone="America/New_York")

    def make(name, partitions, severity):
        @dg.asset(name=name, partitions_def=partitions, owners=["team:data"], tags={"alert": severity},
                  required_resource_keys={name, "warehouse"})
        def load(context):
            warehouse = context.resources.warehouse
            source = getattr(context.resources, name)
            if partitions is None:
                rows = source.load(warehouse)
            else:
                window = context.partition_time_window
                rows = source.load(warehouse, (window.start, window.end))
            feed = FEEDS[name]
            with warehouse.connect() as con:
                newest, = con.execute(f"select max({feed.time}) from raw.{feed.table}").fetchone()
            told = {"dagster/row_count": rows}
            if newest is not None:
                told["newest"] = dg.MetadataValue.timestamp(newest.timestamp())
            return dg.MaterializeResult(metadata=told)

        return load

    return [make("stripe", None, "page"), make("production", None, "page"),
            make("mixpanel", days, "ticket"), make("amplitude", days, "ticket")]
