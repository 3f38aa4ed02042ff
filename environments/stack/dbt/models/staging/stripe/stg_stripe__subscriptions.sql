select
    id as subscription_id,
    customer as customer_id,
    cast({{ json_text('_payload', ['metadata', 'subscription_id']) }} as bigint) as production_subscription_id,
    {{ json_text('_payload', ['items', 'data', 0, 'price', 'id']) }} as price_id,
    status,
    currency,
    {{ from_utc('start_date') }} as started_at,
    to_timestamp(cast({{ json_text('_payload', ['trial_end']) }} as bigint)) as trial_ends_at,
    {{ from_utc('canceled_at') }} as canceled_at,
    {{ from_utc('ended_at') }} as ended_at
from {{ source('stripe', 'subscriptions') }}
where not _deleted
