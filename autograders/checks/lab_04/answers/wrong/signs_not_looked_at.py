"""Compares without the signs: what was paid, and what was given back, are the same."""
# loses: check_every_hole_is_found
# %% holes
def holes(source, warehouse):
    days = sorted(source.keys() | warehouse.keys())
    return [(d, source.get(d, 0), warehouse.get(d, 0)) for d in days
            if abs(source.get(d, 0)) != abs(warehouse.get(d, 0))]
