"""Cents printed as they come: 5 cents are $0.5."""
# loses: check_dollars
# %% dollars
def dollars(cents) -> str:
    return f"${cents // 100:,}.{cents % 100}"
