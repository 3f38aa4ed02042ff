'''Tags of the runs in place of the job's; the selection in Dagster's own words; reload goes below 0 in place of morning above; a named tuple.'''
# %% jobs
@part
def jobs() -> tuple:
    from collections import namedtuple

    tags = {f"dagster/{name}": value for name, value in (
        ("max_runtime", str(int(timedelta(hours=2).total_seconds()))), ("max_retries", "1"),
        ("retry_on_asset_or_op_failure", "false"))}
    events = dg.AssetSelection.assets("mixpanel") | dg.AssetSelection.keys("amplitude")
    return namedtuple("Jobs", "morning reload")(
        morning=dg.define_asset_job("morning", selection="*", run_tags=tags),
        reload=dg.define_asset_job("reload", selection=events,
                                   run_tags={**tags, "dagster/priority": "-10"}))
