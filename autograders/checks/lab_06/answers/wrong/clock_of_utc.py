"""Takes the UTC clock for the session's: wrong by hours in another time zone."""
# loses: check_old_data_says_so
# %% freshness
def freshness():
    return """select case when max(built_at) is null then 'never built'
                          when (now() at time zone 'UTC') - max(built_at)::timestamp <= interval 26 hours then 'fresh'
                          else 'stale' end as state,
                     date_sub('hour', max(built_at), now()) as hours
              from marts.mart_builds"""
