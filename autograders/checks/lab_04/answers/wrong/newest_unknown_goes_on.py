"""If newest() fails, the run goes on, and keeps the position of the last one."""
# loses: check_a_broken_run_loads_nothing
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    try:
        upto = newest()
    except Exception:
        upto = position
    load(read_all() if position is None else read_changes(position), upto)
