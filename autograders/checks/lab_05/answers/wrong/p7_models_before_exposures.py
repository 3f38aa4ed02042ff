"""Within a step models first, then exposures, then tests."""
# loses: check_the_nearest_comes_first
# %% touched
def touched(manifest, node) -> list:
    kinds = ("model", "exposure", "test", "unit_test")
    children = manifest["child_map"]
    seen, found, level = {node}, [], sorted(children[node])
    while level:
        level = sorted(set(level) - seen, key=lambda id: ("mestu".find(id[0]), id))
        seen.update(level)
        found += [id for id in level if id.split(".")[0] in kinds]
        level = [child for id in level for child in children.get(id, [])]
    return found
