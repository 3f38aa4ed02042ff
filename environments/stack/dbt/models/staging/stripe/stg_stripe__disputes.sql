select
    id as dispute_id,
    charge as charge_id,
    status,
    reason,
    amount,
    currency,
    {{ from_utc('created') }} as created_at
from {{ source('stripe', 'disputes') }}
where not _deleted
