with events as (

    select
        _key as event_id,
        event as event_name_sent,
        distinct_id,
        user_id,
        device_id,
        {{ from_utc('time') }} as occurred_at,
        to_timestamp(received_ms / 1000.0) as received_at,
        {{ from_utc('_loaded_at') }} as loaded_at,
        -- A copy that was sent without an id of its own says the same, but for these.
        row_number() over (
            partition by
                event,
                distinct_id,
                {{ json_without(json_object('_payload', 'properties'), ['$insert_id', 'mp_processing_time_ms']) }}
            order by received_ms, _key
        ) as nth_copy
    from {{ source('mixpanel', 'export') }}

)

select
    event_id,
    event_name_sent,
    {{ event_name('event_name_sent') }} as event_name,
    user_id,
    device_id,
    occurred_at,
    received_at,
    loaded_at,
    user_id is not null and left(user_id, 3) = '{{ var("test_users") }}' as is_test
from events
where nth_copy = 1
