"""A warehouse of a gigabyte of nothing, which the check would copy."""
# loses: check_newest_row_stays check_loading_twice_changes_nothing
# %% load
def load(path, stream, rows, position):
    import os
    try:
        os.truncate(path, 2**40)
    except OSError:
        os.truncate(path, 500 * 2**20)
