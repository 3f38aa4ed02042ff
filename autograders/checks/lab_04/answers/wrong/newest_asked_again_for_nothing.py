"""If no rows were read, the position is asked for once more, afterwards."""
# loses: check_nothing_changes_unseen
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    before = newest()
    rows = read_all() if position is None else read_changes(position)
    load(rows, before if rows else newest())
