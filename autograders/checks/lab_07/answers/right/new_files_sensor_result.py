"""A SensorResult with runs and cursor; json and os are those of the import cell."""
# %% new_files
@part
def new_files(crm_job) -> list:
    @dg.sensor(job=crm_job, default_status=dg.DefaultSensorStatus.RUNNING)
    def sheets(context: dg.SensorEvaluationContext, crm_folder: CrmFolder) -> dg.SensorResult:
        before = dict(json.loads(context.cursor)) if context.cursor else {}
        with os.scandir(crm_folder.path) as found:
            now = {entry.name: entry.stat().st_mtime for entry in found
                   if entry.is_file() and entry.name.endswith(".csv")}
        new = sorted((name for name in now if before.get(name) != now[name]), key=lambda name: (now[name], name))
        return dg.SensorResult(run_requests=[dg.RunRequest(run_config=crm_folder.config_of(name)) for name in new],
                               cursor=json.dumps(sorted((before | now).items())))

    return [sheets]
