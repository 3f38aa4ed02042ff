with orders as (

    select
        household_id,
        min(placed_at) as first_order_at,
        max(placed_at) as last_order_at,
        count(*) as orders,
        coalesce(sum(total_cents) filter (where order_status in ('paid', 'delivered')), 0) as order_revenue_cents
    from {{ ref('stg_production__orders') }}
    group by household_id

),

members as (

    select household_id, count(*) as people
    from {{ ref('stg_production__people') }}
    group by household_id

),

crm as (

    select household_id, count(*) as crm_contacts
    from {{ ref('int_crm_contacts_matched') }}
    group by household_id

),

seen as (

    select
        people.household_id,
        min(events.occurred_at) as first_seen_at,
        max(events.occurred_at) as last_seen_at
    from {{ ref('fct_product_events') }} as events
    inner join {{ ref('stg_production__people') }} as people on events.person_id = people.person_id
    group by people.household_id

),

mrr as (

    select household_id, sum(mrr_cents) as mrr_cents
    from {{ ref('fct_subscriptions') }}
    group by household_id

)

select
    households.household_id as customer_id,
    owners.person_id as owner_person_id,
    owners.full_name as owner_name,
    owners.email as owner_email,
    households.city,
    households.country,
    households.sign_up_channel,
    households.signed_up_at,
    cast(members.people as bigint) as people,
    stripe.customer_id as stripe_customer_id,
    stripe.currency,
    cast(coalesce(mrr.mrr_cents, 0) as bigint) as mrr_cents,
    cast(coalesce(orders.orders, 0) as bigint) as orders,
    cast(coalesce(orders.order_revenue_cents, 0) as bigint) as order_revenue_cents,
    orders.first_order_at,
    orders.last_order_at,
    seen.first_seen_at,
    seen.last_seen_at,
    cast(coalesce(crm.crm_contacts, 0) as bigint) as crm_contacts
from {{ ref('stg_production__households') }} as households
inner join {{ ref('stg_production__people') }} as owners
    on households.household_id = owners.household_id and owners.is_owner
inner join members on households.household_id = members.household_id
left join {{ ref('stg_stripe__customers') }} as stripe on households.household_id = stripe.household_id
left join mrr on households.household_id = mrr.household_id
left join orders on households.household_id = orders.household_id
left join seen on households.household_id = seen.household_id
left join crm on households.household_id = crm.household_id
