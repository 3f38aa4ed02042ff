"""One kind of colour blindness."""
# loses: check_colours_stay_apart
# %% closest
def closest(colours, seen):
    return min(sum((a - b) ** 2 for a, b in zip(seen(one, sight), seen(other, sight))) ** 0.5
               for sight in ("full", "deuteranopia")
               for i, one in enumerate(colours) for other in colours[i + 1:])
