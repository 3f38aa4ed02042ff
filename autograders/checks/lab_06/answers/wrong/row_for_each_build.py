"""A row for each build."""
# loses: check_old_data_says_so
# %% freshness
def freshness():
    return """select if(built_at >= now() - interval 26 hours, 'fresh', 'stale') as state, date_sub('hour', built_at, now()) as hours from marts.mart_builds"""
