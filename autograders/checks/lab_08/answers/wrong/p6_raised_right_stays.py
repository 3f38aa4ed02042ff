"""Leaves the numbers to the right as they were."""
# loses: check_raised
# %% raised
def raised(version, levels) -> str:
    numbers = [int(number) for number in version.split("-")]
    for place, name in enumerate(("MODEL", "REVISION", "ADDITION")):
        if name in levels:
            numbers[place] += 1
            break
    return "-".join(map(str, numbers))
