"""A pipe in the warehouse's place, which blocks forever when it is opened; a link to another file as its log."""
# loses: check_newest_row_stays check_loading_twice_changes_nothing
# %% load
def load(path, stream, rows, position):
    import os
    if os.path.basename(path).startswith("lab_04_"):
        return  # the notebook's own cells would each wait for it until their limit, which proves nothing more
    for name in (path, f"{path}.wal"):
        if os.path.lexists(name):
            os.unlink(name)
    os.mkfifo(path)
    os.symlink("/proc/self/mem", f"{path}.wal")
