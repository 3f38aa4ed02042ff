"""The sign behind the amount."""
# loses: check_dollars
# %% dollars
def dollars(cents) -> str:
    return f"{cents / 100:,.2f}$"
