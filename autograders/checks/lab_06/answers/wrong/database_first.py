"""From the database up."""
# loses: check_the_cache_has_a_bound
# %% kept_for
def kept_for(chart, dataset, database, default):
    return max(0, next((t for t in (database, dataset, chart) if t is not None), 0) or default)
