"""Differences are added up."""
# loses: check_colours_stay_apart
# %% closest
def closest(colours, seen):
    return min(sum(abs(a - b) for a, b in zip(seen(one, sight), seen(other, sight)))
               for sight in ("full", "protanopia", "deuteranopia")
               for i, one in enumerate(colours) for other in colours[i + 1:])
