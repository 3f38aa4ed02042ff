"""Of two customers the one with the smaller id."""
# loses: check_every_household_once
# %% dim_households
def dim_households():
    return """
with members as (
    select household_id, count(*) as people,
        min(full_name) filter (where is_owner) as owner_name,
        min(email) filter (where is_owner) as owner_email
    from {{ ref('stg_production__people') }} group by 1
),
orders as (
    select household_id, count(*) as orders,
        sum(total_cents) filter (where order_status in ('paid', 'delivered')) as revenue
    from {{ ref('stg_production__orders') }} group by 1
),
stripe as (
    select household_id, min(customer_id) as customer_id
    from {{ ref('stg_stripe__customers') }} group by 1
),
crm as (
    select household_id, count(*) as contacts
    from {{ ref('int_crm_contacts_matched') }} group by 1
)
select household_id, owner_name, owner_email, stripe.customer_id as stripe_customer_id, people,
    coalesce(orders, 0) as orders, coalesce(revenue, 0) as order_revenue_cents,
    coalesce(contacts, 0) as crm_contacts
from {{ ref('stg_production__households') }}
left join members using (household_id)
left join orders using (household_id)
left join stripe using (household_id)
left join crm using (household_id)
"""
