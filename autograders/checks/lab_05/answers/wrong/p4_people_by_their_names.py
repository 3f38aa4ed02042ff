"""People are told apart by their name."""
# loses: check_nothing_is_multiplied
# %% dim_households
def dim_households():
    return """
select h.household_id, o.full_name as owner_name, o.email as owner_email, s.stripe_customer_id,
    cast(coalesce(p.people, 0) as bigint) as people, cast(coalesce(r.orders, 0) as bigint) as orders,
    cast(coalesce(r.cents, 0) as bigint) as order_revenue_cents, cast(coalesce(c.n, 0) as bigint) as crm_contacts
from {{ ref('stg_production__households') }} h
left join {{ ref('stg_production__people') }} o on o.household_id = h.household_id and o.is_owner
left join (select household_id, arg_min(customer_id, created_at) as stripe_customer_id from {{ ref('stg_stripe__customers') }} group by 1) s on s.household_id = h.household_id
left join (select household_id, count(distinct full_name) as people from {{ ref('stg_production__people') }} group by 1) p on p.household_id = h.household_id
left join (select household_id, count(*) as orders, sum(total_cents) filter (where order_status in ('paid', 'delivered')) as cents from {{ ref('stg_production__orders') }} group by 1) r on r.household_id = h.household_id
left join (select household_id, count(*) as n from {{ ref('int_crm_contacts_matched') }} group by 1) c on c.household_id = h.household_id
"""
