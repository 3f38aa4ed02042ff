"""A colour that is there twice counts once."""
# loses: check_colours_stay_apart
# %% closest
def closest(colours, seen):
    return min(sum((a - b) ** 2 for a, b in zip(seen(one, sight), seen(other, sight))) ** 0.5
               for sight in ("full", "protanopia", "deuteranopia")
               for i, one in enumerate(dict.fromkeys(colours)) for other in list(dict.fromkeys(colours))[i + 1:])
