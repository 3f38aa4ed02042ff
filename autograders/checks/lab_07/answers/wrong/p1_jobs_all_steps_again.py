'''A killed run is begun again from its first step.'''
# loses: check_killed_runs_go_on
# %% jobs
@part
def jobs() -> tuple:
    both = {"dagster/max_runtime": "7200", "dagster/max_retries": "1",
            "dagster/retry_on_asset_or_op_failure": "false",
            "dagster/retry_strategy": "ALL_STEPS"}
    return (dg.define_asset_job("morning", selection=dg.AssetSelection.all(),
                                tags=both | {"dagster/priority": "1"}),
            dg.define_asset_job("reload", selection=["mixpanel", "amplitude"], tags=both))
