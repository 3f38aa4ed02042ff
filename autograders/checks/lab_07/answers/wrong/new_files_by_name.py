"""Knows a file by its name alone: the new version is never loaded."""
# loses: check_each_file_is_loaded_once
# %% new_files
@part
def new_files(crm_job) -> list:
    import json
    from pathlib import Path

    @dg.sensor(job=crm_job, default_status=dg.DefaultSensorStatus.RUNNING)
    def sheets(context: dg.SensorEvaluationContext, crm_folder: CrmFolder):
        seen = json.loads(context.cursor or "{}")
        files = {file.name: file.stat().st_mtime for file in Path(crm_folder.path).glob("*.csv")}
        for name, at in sorted(files.items(), key=lambda file: (file[1], file[0])):
            if name not in seen:
                yield dg.RunRequest(run_config=crm_folder.config_of(name))
        context.update_cursor(json.dumps(files))

    return [sheets]
