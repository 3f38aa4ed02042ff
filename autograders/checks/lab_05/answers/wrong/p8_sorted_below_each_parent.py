"""Breadth first, but only the children of one parent are in order."""
# loses: check_the_nearest_comes_first
# %% touched
from collections import deque


def touched(manifest, node):
    children = manifest["child_map"]
    seen, queue, found = {node}, deque([node]), []
    children[node]
    while queue:
        for child in sorted(children.get(queue.popleft(), [])):
            if child not in seen:
                seen.add(child)
                queue.append(child)
                if child.split(".")[0] in ("model", "exposure", "test", "unit_test"):
                    found.append(child)
    return found
