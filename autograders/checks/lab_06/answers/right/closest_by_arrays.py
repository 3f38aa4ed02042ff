"""All distances of one sight at once."""
# %% closest
import itertools
import math

def closest(colours, seen):
    smallest = math.inf
    for sight in ("deuteranopia", "full", "protanopia"):
        points = [seen(colour, sight) for colour in colours]
        for one, other in itertools.combinations(points, 2):
            smallest = min(smallest, math.dist(one, other))
    return smallest
