"""Digits cut and grouped by hand."""
# %% dollars
def dollars(cents) -> str:
    digits = str(cents).zfill(3)
    whole, rest = digits[:-2], digits[-2:]
    groups = []
    while whole:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    return "$" + ",".join(groups) + "." + rest
