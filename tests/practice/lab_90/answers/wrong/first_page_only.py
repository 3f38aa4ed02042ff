"""Reads the first page only."""
# loses: check_charges
# %% charges
def charges(fetch):
    rows, cursor = fetch(None)
    yield from rows
