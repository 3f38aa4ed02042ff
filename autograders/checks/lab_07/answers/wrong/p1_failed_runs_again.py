"""A run in which a step failed is run again, too."""
# loses: check_killed_runs_go_on
# %% jobs
@part
def jobs() -> tuple:
    careful = {"dagster/max_runtime": str(2 * 3600), "dagster/max_retries": "1",
               "dagster/retry_on_asset_or_op_failure": "true"}
    return (dg.define_asset_job("morning", selection=dg.AssetSelection.all(),
                                tags={"dagster/priority": "1", **careful}),
            dg.define_asset_job("reload", selection=["mixpanel", "amplitude"],
                                tags={"dagster/priority": "-1", **careful}))
