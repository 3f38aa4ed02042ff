select
    id as refund_id,
    charge as charge_id,
    balance_transaction as balance_transaction_id,
    status,
    reason,
    amount,
    currency,
    {{ from_utc('created') }} as created_at
from {{ source('stripe', 'refunds') }}
where not _deleted
