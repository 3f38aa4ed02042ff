"""Compares whole minutes: 26 hours and some seconds are still fresh."""
# loses: check_old_data_says_so
# %% freshness
def freshness():
    return """select case when max(built_at) is null then 'never built'
                          when date_sub('minute', max(built_at), now()) <= 26 * 60 then 'fresh'
                          else 'stale' end as state,
                     date_sub('hour', max(built_at), now()) as hours
              from marts.mart_builds"""
