with events as (

    select
        _key as event_id,
        event_type as event_name_sent,
        user_id,
        device_id,
        {{ from_utc('event_time') }} as occurred_at,
        {{ from_utc('server_upload_time') }} as received_at,
        {{ from_utc('_loaded_at') }} as loaded_at,
        -- Amplitude drops a copy with the same insert id by itself; one that was sent without any is here twice.
        insert_id is null as is_anonymous,
        row_number() over (
            partition by insert_id, device_id, event_type, event_time, cast(event_properties as varchar)
            order by server_upload_time, _key
        ) as nth_copy
    from {{ source('amplitude', 'export') }}

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
where not is_anonymous or nth_copy = 1
