"""Only the two other sights, not the full one."""
# loses: check_colours_stay_apart
# %% closest
def closest(colours, seen):
    best = float("inf")
    for sight in ("protanopia", "deuteranopia"):
        points = [seen(colour, sight) for colour in colours]
        for i, one in enumerate(points):
            for other in points[:i]:
                best = min(best, sum((a - b) ** 2 for a, b in zip(one, other)) ** 0.5)
    return best
