"""A run in which nothing changed loads nothing: the position is not kept."""
# loses: check_first_all_then_changes
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    upto = newest()
    rows = read_all() if position is None else read_changes(position)
    if rows:
        load(rows, upto)
