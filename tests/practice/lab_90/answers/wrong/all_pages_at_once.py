"""Reads all pages before the first row is given."""
# loses: check_charges
# %% charges
def charges(fetch):
    everything, cursor = fetch(None)
    while cursor is not None:
        rows, cursor = fetch(cursor)
        everything = everything + rows
    yield from everything
