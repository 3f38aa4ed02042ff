with contacts as (

    select
        "row" as contact_row,
        -- E-mail and telephone number are in each other's column now and then.
        case when phone like '%@%' then phone else email end as email,
        case when phone like '%@%' then email else phone end as phone,
        {{ tidy('account') }} as account,
        {{ tidy('contact_name') }} as full_name,
        {{ tidy('type') }} as contact_type,
        {{ tidy('stage') }} as stage
    from {{ source('crm', 'contacts') }}

)

select
    contact_row,
    account,
    full_name,
    {{ tidy('email') }} as email,
    {{ phone_digits('phone') }} as phone_digits,
    contact_type,
    stage
from contacts
-- The sheet has a total between its rows, which is nobody.
where coalesce(account, '') <> 'total'
