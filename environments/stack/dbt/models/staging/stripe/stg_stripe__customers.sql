select
    id as customer_id,
    cast({{ json_text('_payload', ['metadata', 'household_id']) }} as bigint) as household_id,
    {{ tidy('email') }} as email,
    currency,
    {{ from_utc('created') }} as created_at
from {{ source('stripe', 'customers') }}
where not _deleted
