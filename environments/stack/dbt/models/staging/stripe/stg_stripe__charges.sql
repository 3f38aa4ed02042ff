select
    id as charge_id,
    customer as customer_id,
    invoice as invoice_id,
    balance_transaction as balance_transaction_id,
    cast({{ json_text('_payload', ['metadata', 'order_id']) }} as bigint) as order_id,
    status,
    paid as is_paid,
    refunded as is_refunded,
    disputed as is_disputed,
    amount,
    amount_refunded,
    currency,
    {{ from_utc('created') }} as created_at
from {{ source('stripe', 'charges') }}
where not _deleted
