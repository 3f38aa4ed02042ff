"""Takes a semantic_model for a model."""
# loses: check_a_change_is_followed_to_its_end
# %% touched
def touched(manifest, node) -> list:
    children, found, near = manifest["child_map"], {node: 0}, [node]
    children[node]
    while near:
        near = sorted({child for parent in near for child in children.get(parent, [])} - set(found))
        found |= dict.fromkeys(near)
    kinds = ("model", "exposure", "test")
    return [id for id in found if id != node and id.partition(".")[0].endswith(kinds)]
