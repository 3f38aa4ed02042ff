select
    id as household_id,
    city,
    postcode_area,
    country,
    channel as sign_up_channel,
    signed_up_at
from {{ source('production', 'households') }}
