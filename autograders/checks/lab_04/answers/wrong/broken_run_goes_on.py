"""Swallows the error of the reading, and keeps the position."""
# loses: check_a_broken_run_loads_nothing
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    next_position = newest()
    try:
        rows = read_all() if position is None else read_changes(position)
    except Exception as error:
        print(error)
        rows = []
    load(rows, next_position)
