{%- set item = ['data', 'object', 'items', 'data', 0] %}
{%- set paths = {
    'customer_id': ['data', 'object', 'customer'],
    'status': ['data', 'object', 'status'],
    'currency': ['data', 'object', 'currency'],
    'price_id': item + ['price', 'id'],
    'unit_amount': item + ['price', 'unit_amount'],
    'quantity': item + ['quantity'],
    'billing_interval': item + ['price', 'recurring', 'interval'],
    'billing_interval_count': item + ['price', 'recurring', 'interval_count'],
    'period_starts_at': ['data', 'object', 'current_period_start'],
    'pause_behavior': ['data', 'object', 'pause_collection', 'behavior'],
    'canceled_at': ['data', 'object', 'canceled_at'],
} -%}

with read as (

    select
        id as event_id,
        object as subscription_id,
        {{ from_utc('created') }} as occurred_at,
        {{ json_texts('_payload', paths) }} as texts
    from {{ source('stripe', 'events') }}
    where type like 'customer.subscription.%'

),

texts as (

    select
        event_id,
        subscription_id,
        occurred_at,
        {{- json_columns('texts', paths) }}
    from read

),

events as (

    select
        event_id,
        subscription_id,
        occurred_at,
        customer_id,
        status,
        currency,
        price_id,
        cast(unit_amount as bigint) * cast(quantity as bigint) as amount,
        billing_interval,
        cast(billing_interval_count as bigint) as billing_interval_count,
        to_timestamp(cast(period_starts_at as bigint)) as period_starts_at,
        pause_behavior is not null as is_paused,
        canceled_at is not null as is_canceled
    from texts

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
