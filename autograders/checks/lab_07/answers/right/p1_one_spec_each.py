"""Steps with a spec of their asset; a frame for cron's nights; readers' files by a table."""
# %% loads
@part
def loads():
    EVENTS = dg.TimeWindowPartitionsDefinition(
        start="2026-01-01", fmt="%Y-%m-%d", timezone="America/New_York", cron_schedule="0 0 * * *")
    table = [("stripe", "page", None), ("production", "page", None),
             ("mixpanel", "ticket", EVENTS), ("amplitude", "ticket", EVENTS)]

    def step(name, alert, partitions):
        spec = dg.AssetSpec(name, owners=["team:data"], tags={"alert": alert}, partitions_def=partitions)

        @dg.multi_asset(name=f"load_{name}", specs=[spec], required_resource_keys={name, "warehouse"})
        def load(context):
            asked = (context.partition_time_window,) if partitions else ()
            rows = getattr(context.resources, name).load(context.resources.warehouse, *asked)
            with context.resources.warehouse.connect() as con:
                seconds, = con.execute(
                    f"select epoch(max({FEEDS[name].time})) from raw.{FEEDS[name].table}").fetchone()
            metadata = {"dagster/row_count": rows}
            if seconds is not None:
                metadata |= {"newest": dg.MetadataValue.timestamp(seconds)}
            yield dg.MaterializeResult(asset_key=name, metadata=metadata)

        return load

    return [step(*row) for row in table]
# %% bad_nights
def bad_nights(runs, first, last):
    days = [day.date() for day in pd.date_range(first, last)]
    if not runs:
        return {"failed": [], "overlapped": [], "missing": days}
    frame = pd.DataFrame(runs).sort_values("started", ignore_index=True)
    busy_until = frame["ended"].cummax().shift()
    overlapped = frame.loc[frame["started"] < busy_until, "night"]
    failed = frame.loc[frame["codes"].map(lambda codes: any(code != 0 for code in codes)), "night"]
    missing = [day for day in days if day not in frame["night"].tolist()]
    return {"failed": sorted(failed.unique()), "overlapped": sorted(overlapped.unique()), "missing": missing}
# %% published
@part
def published():
    readers = {"billing": "fct_mrr", "customer": "dim_customers"}
    made = []
    for name, mart in readers.items():
        spec = dg.AssetSpec(f"{name}_published", deps=[dg.AssetDep(mart)], owners=["team:data"])

        def of(name, mart):
            def put(context):
                context.resources.public.put(context.resources.warehouse, name, [mart])
            return put

        made.append(dg.multi_asset(specs=[spec], name=f"put_{name}",
                                   required_resource_keys={"public", "warehouse"})(of(name, mart)))
    return made
# %% asset_key
def asset_key(node):
    match node:
        case {"resource_type": "source", "source_name": source}:
            return source
        case {"name": name}:
            return name
