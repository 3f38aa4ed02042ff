"""One digit after the point."""
# loses: check_dollars
# %% dollars
def dollars(cents) -> str:
    return f"${cents / 100:,.1f}"
