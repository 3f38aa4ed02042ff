"""The last number is replaced wherever it stands in the version."""
# loses: check_raised
# %% raised
def raised(version, levels):
    model, revision, addition = version.split("-")
    if "MODEL" in levels:
        return f"{int(model) + 1}-0-0"
    if "REVISION" in levels:
        return f"{model}-{int(revision) + 1}-0"
    if "ADDITION" in levels:
        return version.replace(addition, str(int(addition) + 1))
    return version
