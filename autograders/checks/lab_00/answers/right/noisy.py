"""Prints and warns on its way."""
# %% dollars
def dollars(cents) -> str:
    import warnings
    warnings.warn("money ahead")
    print("formatting", cents)
    return "$" + f"{cents / 100:,.2f}"
