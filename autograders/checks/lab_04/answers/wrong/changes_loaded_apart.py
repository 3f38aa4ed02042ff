"""Two loads a run, the first of them with the new position."""
# loses: check_first_all_then_changes, check_a_broken_run_loads_nothing
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    next_position = newest()
    if position is None:
        load([], next_position)
        load(read_all(), next_position)
    else:
        load(read_changes(position), next_position)
