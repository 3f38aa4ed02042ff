with by_email as (

    select contacts.contact_row, people.person_id
    from {{ ref('stg_crm__contacts') }} as contacts
    inner join {{ ref('stg_production__people') }} as people on contacts.email = people.email

),

-- A telephone number may be shared, and so may a name: both together, and only where they are one person's.
by_phone as (

    select contacts.contact_row, min(people.person_id) as person_id
    from {{ ref('stg_crm__contacts') }} as contacts
    inner join {{ ref('stg_production__people') }} as people
        on contacts.phone_digits = people.phone_digits
        and contacts.full_name = lower(people.full_name)
    where contacts.contact_row not in (select by_email.contact_row from by_email)
    group by contacts.contact_row
    having count(*) = 1

),

matched as (

    select contact_row, person_id, 'email' as matched_by from by_email
    union all
    select contact_row, person_id, 'phone' as matched_by from by_phone

)

select
    matched.contact_row,
    matched.person_id,
    people.household_id,
    matched.matched_by
from matched
inner join {{ ref('stg_production__people') }} as people on matched.person_id = people.person_id
