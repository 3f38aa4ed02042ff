"""Takes an empty page for the end."""
# loses: check_charges
# %% charges
def charges(fetch):
    rows, cursor = fetch(None)
    while rows:
        yield from rows
        if cursor is None:
            return
        rows, cursor = fetch(cursor)
