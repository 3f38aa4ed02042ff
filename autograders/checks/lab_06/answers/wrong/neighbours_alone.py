"""Only neighbours in the list."""
# loses: check_colours_stay_apart
# %% closest
def closest(colours, seen):
    return min(sum((a - b) ** 2 for a, b in zip(seen(one, sight), seen(other, sight))) ** 0.5
               for sight in ("full", "protanopia", "deuteranopia")
               for one, other in zip(colours, colours[1:]))
