"""By the most steps, as a build would order them."""
# loses: check_the_nearest_comes_first
# %% touched
def touched(manifest, node) -> list:
    children, order, done = manifest["child_map"], [], set()
    stack = [(node, iter(children[node]))]
    while stack:
        id, rest = stack[-1]
        child = next(rest, None)
        if child is None:
            stack.pop()
            order.append(id)
        elif child not in done:
            done.add(child)
            stack.append((child, iter(children[child])))
    steps = {node: 0}
    for id in reversed(order):
        for child in children[id]:
            steps[child] = max(steps.get(child, 0), steps[id] + 1)
    found = (id for id in steps if id != node and id.split(".")[0] in ("model", "exposure", "test", "unit_test"))
    return sorted(found, key=lambda id: (steps[id], id))
