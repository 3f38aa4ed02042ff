"""Rounds the hours."""
# loses: check_old_data_says_so
# %% freshness
def freshness():
    return """select case when max(built_at) is null then 'never built' when max(built_at) >= now() - interval 26 hours then 'fresh' else 'stale' end as state, round(epoch(now() - max(built_at)) / 3600)::int as hours from marts.mart_builds"""
