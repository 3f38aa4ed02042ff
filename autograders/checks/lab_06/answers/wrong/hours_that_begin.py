"""Counts hours that begin."""
# loses: check_old_data_says_so
# %% freshness
def freshness():
    return """select case when max(built_at) is null then 'never built' when max(built_at) >= now() - interval 26 hours then 'fresh' else 'stale' end as state, date_diff('hour', max(built_at), now()) as hours from marts.mart_builds"""
