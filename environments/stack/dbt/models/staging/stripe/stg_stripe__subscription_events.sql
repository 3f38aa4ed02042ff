with events as (

    select
        id as event_id,
        object as subscription_id,
        {{ from_utc('created') }} as occurred_at,
        {{ json_text('_payload', ['data', 'object', 'customer']) }} as customer_id,
        {{ json_text('_payload', ['data', 'object', 'status']) }} as status,
        {{ json_text('_payload', ['data', 'object', 'currency']) }} as currency,
        {{ json_text('_payload', ['data', 'object', 'items', 'data', 0, 'price', 'id']) }} as price_id,
        cast({{ json_text('_payload', ['data', 'object', 'items', 'data', 0, 'price', 'unit_amount']) }} as bigint)
            * cast({{ json_text('_payload', ['data', 'object', 'items', 'data', 0, 'quantity']) }} as bigint)
            as amount,
        {{ json_text('_payload', ['data', 'object', 'items', 'data', 0, 'price', 'recurring', 'interval']) }}
            as billing_interval,
        cast({{
            json_text('_payload', ['data', 'object', 'items', 'data', 0, 'price', 'recurring', 'interval_count'])
        }} as bigint) as billing_interval_count,
        to_timestamp(cast({{ json_text('_payload', ['data', 'object', 'current_period_start']) }} as bigint))
            as period_starts_at,
        {{ json_text('_payload', ['data', 'object', 'pause_collection', 'behavior']) }} is not null as is_paused,
        {{ json_text('_payload', ['data', 'object', 'canceled_at']) }} is not null as is_canceled
    from {{ source('stripe', 'events') }}
    where type like 'customer.subscription.%'

),

-- Of one second the last event holds: an end comes after its announcement, and both come after any other change.
numbered as (

    select
        *,
        row_number() over (
            partition by subscription_id, occurred_at
            order by case when status = 'canceled' then 0 else 1 end, case when is_canceled then 0 else 1 end, event_id
        ) as nth_of_second
    from events

)

select
    event_id,
    subscription_id,
    occurred_at,
    customer_id,
    status,
    currency,
    price_id,
    amount,
    {{ monthly_cents('amount', 'billing_interval', 'billing_interval_count') }} as monthly_amount,
    period_starts_at,
    is_paused
from numbered
where nth_of_second = 1
