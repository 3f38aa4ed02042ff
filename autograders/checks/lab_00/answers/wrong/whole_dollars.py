"""Rounded to whole dollars."""
# loses: check_dollars
# %% dollars
def dollars(cents) -> str:
    return f"${cents // 100:,}.00"
