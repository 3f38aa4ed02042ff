"""-1 as it is."""
# loses: check_the_cache_has_a_bound
# %% kept_for
def kept_for(chart, dataset, database, default):
    return next((t for t in (chart, dataset, database) if t is not None), 0) or default
