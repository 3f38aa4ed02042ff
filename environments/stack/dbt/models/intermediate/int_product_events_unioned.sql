with unioned as (

    select 'mixpanel' as tool, event_id, event_name, user_id, device_id, occurred_at, received_at, loaded_at, is_test
    from {{ ref('stg_mixpanel__events') }}
    union all
    select 'amplitude' as tool, event_id, event_name, user_id, device_id, occurred_at, received_at, loaded_at, is_test
    from {{ ref('stg_amplitude__events') }}

)

select
    tool,
    event_id,
    event_name,
    cast(case when left(user_id, 5) = 'user_' then substr(user_id, 6) end as bigint) as person_id,
    device_id,
    occurred_at,
    received_at,
    loaded_at
from unioned
where not is_test
