"""Goes on from where the run ended: what changed during it is never read."""
# loses: check_nothing_changes_unseen
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    rows = read_all() if position is None else read_changes(position)
    load(rows, newest())
