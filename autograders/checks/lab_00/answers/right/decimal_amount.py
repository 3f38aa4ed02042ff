"""Exact, with Decimal."""
# %% dollars
def dollars(cents) -> str:
    from decimal import Decimal
    return "$" + format(Decimal(cents) / 100, ",.2f")
