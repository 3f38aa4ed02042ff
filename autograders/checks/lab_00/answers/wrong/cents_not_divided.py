"""Cents taken for dollars."""
# loses: check_dollars
# %% dollars
def dollars(cents) -> str:
    return f"${cents:,.2f}"
