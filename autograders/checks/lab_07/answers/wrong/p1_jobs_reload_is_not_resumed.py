'''Only morning is run again when its process dies.'''
# loses: check_killed_runs_go_on
# %% jobs
@part
def jobs() -> tuple:
    limit = {"dagster/max_runtime": "7200"}
    again = {"dagster/max_retries": "1", "dagster/retry_on_asset_or_op_failure": "false"}
    return (dg.define_asset_job("morning", selection=dg.AssetSelection.all(),
                                tags=limit | again | {"dagster/priority": "1"}),
            dg.define_asset_job("reload", selection=["mixpanel", "amplitude"], tags=limit))
