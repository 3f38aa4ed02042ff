-- Only what one person did in one second can be copies. These few are found by three columns, so that a run which asks
-- for the rows of one day does not take the JSON of all others apart. The source is named each time: what stands in one
-- CTE for all of them, a database reads whole first.
with seconds as (

    select
        event,
        distinct_id,
        time
    from {{ source('mixpanel', 'export') }}
    group by event, distinct_id, time
    having count(*) > 1

),

alike as (

    select
        events._key,
        events.event,
        events.distinct_id,
        events.received_ms,
        events._payload
    from {{ source('mixpanel', 'export') }} as events
    inner join seconds
        on events.event = seconds.event
        and events.time = seconds.time
        and events.distinct_id is not distinct from seconds.distinct_id

),

copies as (

    select
        _key,
        -- A copy that was sent without an id of its own says the same, but for these.
        row_number() over (
            partition by
                event,
                distinct_id,
                {{ json_without(json_object('_payload', 'properties'), ['$insert_id', 'mp_processing_time_ms']) }}
            order by received_ms, _key
        ) as nth_copy
    from alike

)

select
    _key as event_id,
    event as event_name_sent,
    {{ event_name('event') }} as event_name,
    user_id,
    device_id,
    {{ from_utc('time') }} as occurred_at,
    to_timestamp(received_ms / 1000.0) as received_at,
    {{ from_utc('_loaded_at') }} as loaded_at,
    user_id is not null and left(user_id, 3) = '{{ var("test_users") }}' as is_test
from {{ source('mixpanel', 'export') }} as events
where
    not exists (
        select 1
        from copies
        where copies._key = events._key and copies.nth_copy > 1
    )
