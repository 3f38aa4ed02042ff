"""All sources joined first: an order counts once for each person and each contact."""
# loses: check_every_household_once, check_nothing_is_multiplied
# %% dim_households
def dim_households():
    return """
select
    homes.household_id,
    min(people.full_name) filter (where people.is_owner) as owner_name,
    min(people.email) filter (where people.is_owner) as owner_email,
    arg_min(stripe.customer_id, stripe.created_at) as stripe_customer_id,
    count(distinct people.person_id) as people,
    count(distinct orders.order_id) as orders,
    coalesce(sum(orders.total_cents) filter (where orders.order_status in ('paid', 'delivered')), 0)
        as order_revenue_cents,
    count(distinct crm.contact_row) as crm_contacts
from {{ ref('stg_production__households') }} as homes
left join {{ ref('stg_production__people') }} as people using (household_id)
left join {{ ref('stg_production__orders') }} as orders using (household_id)
left join {{ ref('stg_stripe__customers') }} as stripe using (household_id)
left join {{ ref('int_crm_contacts_matched') }} as crm using (household_id)
group by homes.household_id
"""
