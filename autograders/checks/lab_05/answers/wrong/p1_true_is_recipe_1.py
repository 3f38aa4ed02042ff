"""A recipe_id of true becomes 1: DuckDB casts JSON's true to a number."""
# loses: check_events_out_of_json
# %% stg_mixpanel__recipe_events
def stg_mixpanel__recipe_events() -> str:
    return r"""
select
    _key as event_id, _payload->>'$.event' as event_name, _payload->>'$.properties."$user_id"' as user_id,
    cast(_payload->'$.properties.recipe_id' as bigint) as recipe_id, lower(_payload->>'$.properties.platform') as platform,
    to_timestamp(cast(_payload->>'$.properties.time' as double)) as occurred_at,
    make_timestamptz(cast(_payload->>'$.properties.mp_processing_time_ms' as bigint) * 1000) as received_at,
    cast((to_timestamp(cast(_payload->>'$.properties.time' as double)) at time zone 'UTC')
        + to_minutes(cast(_payload->>'$.properties.utc_offset_minutes' as bigint)) as date) as local_date
from {{ source('mixpanel', 'export') }}
where try_cast(_payload->'$.properties.recipe_id' as double) % 1 = 0
"""
