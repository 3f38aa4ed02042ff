"""Lists what is disabled."""
# loses: check_a_change_is_followed_to_its_end
# %% touched
def touched(manifest, node) -> list:
    children = {id: list(below) for id, below in manifest["child_map"].items()}
    children[node]
    for id, entries in manifest["disabled"].items():
        for parent in entries[0]["depends_on"]["nodes"]:
            children[parent].append(id)
    found, near = {node: 0}, [node]
    while near:
        near = sorted({child for parent in near for child in children.get(parent, [])} - set(found))
        found |= dict.fromkeys(near)
    kinds = ("model", "exposure", "test", "unit_test")
    return [id for id in found if id != node and id.partition(".")[0] in kinds]
