"""Only the morning's time is limited."""
# loses: check_hung_runs_end
# %% jobs
@part
def jobs() -> tuple:
    careful = {"dagster/max_runtime": str(2 * 3600), "dagster/max_retries": "1",
               "dagster/retry_on_asset_or_op_failure": "false"}
    return (dg.define_asset_job("morning", selection=dg.AssetSelection.all(),
                                tags={"dagster/priority": "1", **careful}),
            dg.define_asset_job("reload", selection=["mixpanel", "amplitude"],
                                tags={"dagster/priority": "-1", **careful, "dagster/max_runtime": "99999"}))
