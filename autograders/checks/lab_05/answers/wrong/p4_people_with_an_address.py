"""count(email): who has no address is no person of the household."""
# loses: check_nothing_is_multiplied
# %% dim_households
def dim_households() -> str:
    return r"""
with people as (
    select household_id, count(email) as people, max(full_name) filter (where is_owner) as owner_name,
        max(email) filter (where is_owner) as owner_email
    from {{ ref('stg_production__people') }} group by 1
), orders as (
    select household_id, count(*) as orders,
        sum(total_cents) filter (where order_status in ('paid', 'delivered')) as cents
    from {{ ref('stg_production__orders') }} group by 1
), stripe as (
    select household_id, arg_min(customer_id, created_at) as stripe_customer_id
    from {{ ref('stg_stripe__customers') }} group by 1
), crm as (
    select household_id, count(*) as contacts from {{ ref('int_crm_contacts_matched') }} group by 1
)
select household_id, owner_name, owner_email, stripe_customer_id, coalesce(people, 0) as people,
    coalesce(orders, 0) as orders, cast(coalesce(cents, 0) as bigint) as order_revenue_cents,
    coalesce(contacts, 0) as crm_contacts
from {{ ref('stg_production__households') }}
left join people using (household_id)
left join orders using (household_id)
left join stripe using (household_id)
left join crm using (household_id)
"""
