"""Remembers a colour and a sight over calls, whatever seen is."""
# loses: check_colours_stay_apart
# %% closest
_points = {}

def closest(colours, seen):
    best = float("inf")
    for sight in ("full", "protanopia", "deuteranopia"):
        points = [_points.setdefault((colour, sight), seen(colour, sight)) for colour in colours]
        for i, one in enumerate(points):
            for other in points[:i]:
                best = min(best, sum((a - b) ** 2 for a, b in zip(one, other)) ** 0.5)
    return best
