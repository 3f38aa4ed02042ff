"""Exactly 26 hours are stale."""
# loses: check_old_data_says_so
# %% freshness
def freshness():
    return """select case when max(built_at) is null then 'never built'
                          when now() - max(built_at) < interval 26 hours then 'fresh'
                          else 'stale' end as state,
                     date_sub('hour', max(built_at), now()) as hours
              from marts.mart_builds"""
