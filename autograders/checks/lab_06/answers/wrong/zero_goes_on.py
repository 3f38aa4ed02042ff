"""0 lets the next place decide."""
# loses: check_the_cache_has_a_bound
# %% kept_for
def kept_for(chart, dataset, database, default):
    return max(0, chart or dataset or database or default)
