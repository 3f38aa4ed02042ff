select
    id as person_id,
    household_id,
    is_owner,
    full_name,
    {{ tidy('email') }} as email,
    {{ phone_digits('phone') }} as phone_digits,
    created_at
from {{ source('production', 'people') }}
