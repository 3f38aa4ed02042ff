"""`if not position`: the position 0 counts as none."""
# loses: check_first_all_then_changes
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    next_position = newest()
    rows = read_changes(position) if position else read_all()
    load(rows, next_position)
