"""Only a later time of change counts: a sheet replaced by one from a backup, with an earlier time, is not loaded."""
# loses: check_each_file_is_loaded_once

# %% new_files
@part
def new_files(crm_job) -> list:
    import json
    from pathlib import Path

    @dg.sensor(job=crm_job, default_status=dg.DefaultSensorStatus.RUNNING)
    def sheets(context: dg.SensorEvaluationContext, crm_folder: CrmFolder):
        known = json.loads(context.cursor) if context.cursor else {}
        files = sorted((file.stat().st_mtime, file.name)
                       for file in Path(crm_folder.path).glob("*.csv"))
        for changed, name in files:
            if changed > known.get(name, 0):
                known[name] = changed
                yield dg.RunRequest(run_config=crm_folder.config_of(name))
        context.update_cursor(json.dumps(known))

    return [sheets]
