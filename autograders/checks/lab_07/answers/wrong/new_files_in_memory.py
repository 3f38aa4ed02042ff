"""Remembers in a variable, which a restart forgets."""
# loses: check_a_restart_loses_no_file
# %% new_files
@part
def new_files(crm_job) -> list:
    import json
    from pathlib import Path

    known = {}

    @dg.sensor(job=crm_job, default_status=dg.DefaultSensorStatus.RUNNING)
    def sheets(context: dg.SensorEvaluationContext, crm_folder: CrmFolder):
        seen = dict(known)
        files = {file.name: file.stat().st_mtime for file in Path(crm_folder.path).glob("*.csv")}
        for name, at in sorted(files.items(), key=lambda file: (file[1], file[0])):
            if seen.get(name) != at:
                yield dg.RunRequest(run_config=crm_folder.config_of(name))
        known.update(files)

    return [sheets]
