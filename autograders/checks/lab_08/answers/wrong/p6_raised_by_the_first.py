"""Takes the first change for the highest."""
# loses: check_raised
# %% raised
def raised(version, levels) -> str:
    model, revision, addition = map(int, version.split("-"))
    first = next((each for each in levels if each), "")
    return {"MODEL": f"{model + 1}-0-0", "REVISION": f"{model}-{revision + 1}-0",
            "ADDITION": f"{model}-{revision}-{addition + 1}"}.get(first, version)
