"""The cursor is the highest time of change so far: a file that comes later with an earlier time is never loaded."""
# loses: check_each_file_is_loaded_once

# %% new_files
@part
def new_files(crm_job) -> list:
    import json
    from pathlib import Path

    @dg.sensor(job=crm_job, default_status=dg.DefaultSensorStatus.RUNNING)
    def sheets(context: dg.SensorEvaluationContext, crm_folder: CrmFolder):
        known = float(context.cursor or 0)
        files = sorted((file.stat().st_mtime, file.name)
                       for file in Path(crm_folder.path).glob("*.csv"))
        for changed, name in files:
            if changed > known:
                yield dg.RunRequest(run_config=crm_folder.config_of(name))
        context.update_cursor(str(max([known, *(changed for changed, _ in files)])))

    return [sheets]
