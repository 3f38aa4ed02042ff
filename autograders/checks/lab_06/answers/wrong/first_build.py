"""The first build of all."""
# loses: check_old_data_says_so
# %% freshness
def freshness():
    return """select case when min(built_at) is null then 'never built' when min(built_at) >= now() - interval 26 hours then 'fresh' else 'stale' end as state, date_sub('hour', min(built_at), now()) as hours from marts.mart_builds"""
