"""Whole numbers only, with divmod."""
# %% dollars
def dollars(cents) -> str:
    whole, rest = divmod(cents, 100)
    return f"${whole:,}.{rest:02d}"
