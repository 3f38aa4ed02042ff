"""A part that fetches the course's own sensors."""
# loses: check_one_alert_a_failure, check_alert_helps_a_person, check_old_data_is_told
# %% failure_alerts
@part
def failure_alerts(morning) -> list:
    from environments.stack.orchestration.sensors import failed_runs

    return [failed_runs]
# %% stale_data
@part
def stale_data() -> list:
    import importlib

    return [importlib.import_module("environments.stack.orchestration.sensors").stale_data]
