select
    id as order_id,
    household_id,
    status as order_status,
    discount_cents,
    total_cents,
    placed_at,
    updated_at
from {{ source('production', 'orders') }}
