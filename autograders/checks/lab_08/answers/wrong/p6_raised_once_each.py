"""Raises a step for every change."""
# loses: check_raised
# %% raised
def raised(version, levels) -> str:
    model, revision, addition = map(int, version.split("-"))
    for each in sorted(levels):
        if each == "ADDITION":
            addition += 1
        elif each == "REVISION":
            revision, addition = revision + 1, 0
        elif each == "MODEL":
            model, revision, addition = model + 1, 0, 0
    return f"{model}-{revision}-{addition}"
