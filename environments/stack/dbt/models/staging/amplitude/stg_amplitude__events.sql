-- Amplitude drops a copy with the same insert id by itself; one that was sent without any is here twice.
with copies as (

    select
        _key,
        row_number() over (
            partition by device_id, event_type, event_time, cast(event_properties as varchar)
            order by server_upload_time, _key
        ) as nth_copy
    from {{ source('amplitude', 'export') }}
    where insert_id is null

)

select
    _key as event_id,
    event_type as event_name_sent,
    {{ event_name('event_type') }} as event_name,
    user_id,
    device_id,
    {{ from_utc('event_time') }} as occurred_at,
    {{ from_utc('server_upload_time') }} as received_at,
    {{ from_utc('_loaded_at') }} as loaded_at,
    user_id is not null and left(user_id, 3) = '{{ var("test_users") }}' as is_test
from {{ source('amplitude', 'export') }} as events
where
    not exists (
        select 1
        from copies
        where copies._key = events._key and copies.nth_copy > 1
    )
