"""A day that is missing is None, and that is not 0."""
# loses: check_every_hole_is_found
# %% holes
def holes(source, warehouse) -> list:
    return [(day, source.get(day, 0), warehouse.get(day, 0)) for day in sorted({*source, *warehouse}) if source.get(day) != warehouse.get(day)]
