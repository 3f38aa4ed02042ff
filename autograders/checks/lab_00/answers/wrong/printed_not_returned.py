"""Prints the amount and returns nothing."""
# loses: check_dollars
# %% dollars
def dollars(cents) -> str:
    print(f"${cents / 100:,.2f}")
