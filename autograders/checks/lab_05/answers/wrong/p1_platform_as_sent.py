"""iOS and ios are two platforms."""
# loses: check_events_out_of_json
# %% stg_mixpanel__recipe_events
def stg_mixpanel__recipe_events() -> str:
    return """
with events as (
    select _key as event_id, {{ json_text('_payload', ['event']) }} as event_name,
    {%- for name in ['$user_id', 'recipe_id', 'platform', 'time', 'mp_processing_time_ms',
                     'utc_offset_minutes'] %}
        {{ json_text('_payload', ['properties', name]) }} as {{ name | replace('$', '') }},
    {%- endfor %}
    from {{ source('mixpanel', 'export') }}
)
select
    event_id, event_name, user_id, cast(recipe_id as bigint) as recipe_id,
    platform as platform, to_timestamp(cast(time as bigint)) as occurred_at,
    to_timestamp(cast(mp_processing_time_ms as bigint) / 1000.0) as received_at,
    cast(epoch_ms(1000 * (cast(time as bigint) + 60 * cast(utc_offset_minutes as bigint)))
         as date) as local_date
from events
where try_cast(recipe_id as bigint) is not null
"""
