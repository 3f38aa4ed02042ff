"""The smallest that is set."""
# loses: check_the_cache_has_a_bound
# %% kept_for
def kept_for(chart, dataset, database, default):
    return max(0, min([t for t in (chart, dataset, database) if t is not None] or [0]) or default)
