"""The old way to format."""
# %% dollars
def dollars(cents) -> str:
    return "${:,.2f}".format(round(cents / 100, 2))
