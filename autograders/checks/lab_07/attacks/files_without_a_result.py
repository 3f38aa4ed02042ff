"""Parts that end their process, or write down an outcome of their own, before anything has run."""
# loses: check_each_file_is_loaded_once, check_a_restart_loses_no_file, check_watchers_are_watched
# %% new_files
@part
def new_files(crm_job) -> list:
    import json
    import os

    empty = {name: [] for name in ("runs", "ticks", "alerts", "refused", "beats", "calls")}
    with open("answer.json", "w") as file:
        json.dump({"error": ""} | empty, file)
    os._exit(0)
# %% watchdog
@part
def watchdog() -> list:
    import os

    os._exit(0)
