"""Loads nothing after an error, and does not say so."""
# loses: check_a_broken_run_loads_nothing
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    next_position = newest()
    try:
        rows = read_all() if position is None else read_changes(position)
    except Exception:
        return
    load(rows, next_position)
