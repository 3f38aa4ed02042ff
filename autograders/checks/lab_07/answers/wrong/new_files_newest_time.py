"""Keeps the time of the newest file alone: of two at once it loads one."""
# loses: check_each_file_is_loaded_once
# %% new_files
@part
def new_files(crm_job) -> list:
    from pathlib import Path

    @dg.sensor(job=crm_job, default_status=dg.DefaultSensorStatus.RUNNING)
    def sheets(context: dg.SensorEvaluationContext, crm_folder: CrmFolder):
        files = [(file.stat().st_mtime, file.name) for file in Path(crm_folder.path).glob("*.csv")]
        for at, name in sorted(files):
            if at > float(context.cursor or 0):
                context.update_cursor(str(at))
                yield dg.RunRequest(run_config=crm_folder.config_of(name))

    return [sheets]
