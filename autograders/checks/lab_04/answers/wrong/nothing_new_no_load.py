"""If no event is newer, the run ends without a load."""
# loses: check_first_all_then_changes
# %% run
def run(position, newest, read_all, read_changes, load):
    until = newest()
    if position is not None and until == position:
        return
    rows = read_all() if position is None else read_changes(position)
    load(rows, until)
