"""try_cast makes a recipe of 17.5, too."""
# loses: check_events_out_of_json
# %% stg_mixpanel__recipe_events
def stg_mixpanel__recipe_events() -> str:
    return """
with said as (
    select _key as event_id,
        {{ json_text('_payload', ['event']) }} as event_name,
        {{ json_text('_payload', ['properties', '$user_id']) }} as user_id,
        {{ json_text('_payload', ['properties', 'recipe_id']) }} as recipe,
        lower({{ json_text('_payload', ['properties', 'platform']) }}) as platform,
        cast({{ json_text('_payload', ['properties', 'time']) }} as bigint) as seconds,
        cast({{ json_text('_payload', ['properties', 'mp_processing_time_ms']) }} as bigint) as ms,
        cast({{ json_text('_payload', ['properties', 'utc_offset_minutes']) }} as bigint) as minutes
    from {{ source('mixpanel', 'export') }}
)
select event_id, event_name, user_id, cast(recipe as bigint) as recipe_id, platform,
    make_timestamptz(seconds * 1000000) as occurred_at,
    make_timestamptz(ms * 1000) as received_at,
    cast(make_timestamp((seconds + 60 * minutes) * 1000000) as date) as local_date
from said
where try_cast(recipe as bigint) is not null
"""
