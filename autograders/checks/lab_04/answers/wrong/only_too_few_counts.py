"""Only too few rows count as a hole; rows too many are overlooked."""
# loses: check_every_hole_is_found
# %% holes
def holes(source, warehouse) -> list:
    days = sorted(source.keys() | warehouse.keys())
    counts = [(day, source.get(day, 0), warehouse.get(day, 0)) for day in days]
    return [(day, there, here) for day, there, here in counts if there > here]
