"""Reads all of it on each run."""
# loses: check_first_all_then_changes
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    next_position = newest()
    load(read_all(), next_position)
