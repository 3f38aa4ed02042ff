"""Times in whole seconds."""
# loses: check_each_file_is_loaded_once
# %% new_files
@part
def new_files(crm_job) -> list:
    import pathlib

    @dg.sensor(job=crm_job, default_status=dg.DefaultSensorStatus.RUNNING)
    def sheets(context: dg.SensorEvaluationContext, crm_folder: CrmFolder):
        known = json.loads(context.cursor or "{}")
        found = {f.name: int(f.stat().st_mtime) for f in pathlib.Path(crm_folder.path).glob("*.csv")}
        new = sorted((m, n) for n, m in found.items() if known.get(n) != m)
        context.update_cursor(json.dumps(found))
        return [dg.RunRequest(run_config=crm_folder.config_of(n)) for _, n in new]

    return [sheets]
