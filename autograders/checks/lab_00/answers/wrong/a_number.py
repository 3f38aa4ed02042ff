"""A number, not a text."""
# loses: check_dollars
# %% dollars
def dollars(cents) -> str:
    return cents / 100
