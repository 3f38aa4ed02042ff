"""Calls itself for each child, so a long row of models is too deep."""
# loses: check_the_nearest_comes_first
# %% touched
def touched(manifest, node) -> list:
    children, steps = manifest["child_map"], {}
    children[node]

    def walk(id, step):
        for child in children[id]:
            if step < steps.get(child, step + 1):
                steps[child] = step
                walk(child, step + 1)

    walk(node, 1)
    kinds = ("model", "exposure", "test", "unit_test")
    return sorted((id for id in steps if id.split(".")[0] in kinds), key=lambda id: (steps[id], id))
