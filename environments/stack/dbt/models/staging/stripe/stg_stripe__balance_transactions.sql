select
    id as balance_transaction_id,
    source as source_id,
    reporting_category,
    amount as amount_cents,
    fee as fee_cents,
    net as net_cents,
    {{ from_utc('created') }} as created_at,
    {{ from_utc('available_on') }} as available_at
from {{ source('stripe', 'balance_transactions') }}
where not _deleted
