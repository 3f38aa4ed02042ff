"""Sorted by unique_id alone."""
# loses: check_the_nearest_comes_first
# %% touched
def touched(manifest, node) -> list:
    children, found, near = manifest["child_map"], {node: 0}, [node]
    children[node]
    while near:
        near = sorted({child for parent in near for child in children.get(parent, [])} - set(found))
        found |= dict.fromkeys(near)
    kinds = ("model", "exposure", "test", "unit_test")
    return sorted(id for id in found if id != node and id.partition(".")[0] in kinds)
