"""Asks Python for the time, when the SELECT is written."""
# loses: check_old_data_says_so
# %% freshness
def freshness():
    return f"""select case when max(built_at) is null then 'never built'
                          when timestamptz '{datetime.now(UTC).isoformat()}' - max(built_at) <= interval 26 hours then 'fresh'
                          else 'stale' end as state,
                     date_sub('hour', max(built_at), timestamptz '{datetime.now(UTC).isoformat()}') as hours
              from marts.mart_builds"""
