"""Puts a row together from each column's maximum."""
# loses: check_latest
# %% latest
def latest(changes):
    return changes.groupby("order_id", as_index=False).max()[list(changes.columns)]
