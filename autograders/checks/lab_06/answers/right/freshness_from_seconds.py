"""The age in seconds first."""
# %% freshness
def freshness():
    return """
    with last as (select epoch(now()) - epoch(max(built_at)) as age from marts.mart_builds)
    select if(age is null, 'never built', if(age > 26 * 3600, 'stale', 'fresh')) as state,
           cast(floor(age / 3600) as integer) as hours
    from last  -- one row, as there is no GROUP BY"""
