"""Goes through the warehouse's days: a day that is missing there is not seen."""
# loses: check_every_hole_is_found
# %% holes
def holes(source, warehouse) -> list:
    days = sorted(warehouse)
    counts = [(day, source.get(day, 0), warehouse.get(day, 0)) for day in days]
    return [(day, there, here) for day, there, here in counts if there != here]
