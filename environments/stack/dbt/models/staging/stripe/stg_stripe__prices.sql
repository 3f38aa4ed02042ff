select
    id as price_id,
    product as product_id,
    cast({{ json_text('_payload', ['metadata', 'plan_id']) }} as bigint) as plan_id,
    currency,
    unit_amount,
    {{ json_text('_payload', ['recurring', 'interval']) }} as billing_interval,
    cast({{ json_text('_payload', ['recurring', 'interval_count']) }} as bigint) as billing_interval_count,
    active as is_active,
    {{ from_utc('created') }} as created_at
from {{ source('stripe', 'prices') }}
where not _deleted
