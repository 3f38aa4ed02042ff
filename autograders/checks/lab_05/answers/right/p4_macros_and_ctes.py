"""The course's own way: the project's macros, one CTE per step."""
# %% fct_customer_mrr
def fct_customer_mrr():
    return """
select
    periods.household_id,
    months.month,
    cast(sum(round(periods.price_usd_cents / (
        case periods.billing_interval when 'year' then 12.0 else 1.0 end
        * periods.billing_interval_count))) as bigint) as mrr_cents
from {{ ref('int_months') }} as months
inner join {{ ref('int_plan_periods') }} as periods
    on periods.valid_from < {{ end_of_company_month('months.month') }}
    and (periods.valid_until is null
        or periods.valid_until >= {{ end_of_company_month('months.month') }})
where periods.status in ('active', 'past_due')
group by periods.household_id, months.month
having mrr_cents > 0
"""

# %% fct_customer_movements
def fct_customer_movements():
    return """
with firsts as (
    select household_id, min(month) as month from {{ ref('fct_customer_mrr') }} group by 1
),
balances as (
    select
        firsts.household_id,
        months.month,
        coalesce(mrr.mrr_cents, 0) as closing_mrr_cents,
        coalesce(lag(mrr.mrr_cents) over (
            partition by firsts.household_id order by months.month), 0) as opening_mrr_cents,
        months.month = firsts.month as is_first
    from firsts
    inner join {{ ref('int_months') }} as months on months.month >= firsts.month
    left join {{ ref('fct_customer_mrr') }} as mrr
        on firsts.household_id = mrr.household_id and months.month = mrr.month
)
select
    household_id, month, opening_mrr_cents, closing_mrr_cents,
    closing_mrr_cents - opening_mrr_cents as change_cents,
    case
        when is_first then 'new'
        when opening_mrr_cents = 0 then 'reactivation'
        when closing_mrr_cents = 0 then 'churn'
        when closing_mrr_cents > opening_mrr_cents then 'expansion'
        when closing_mrr_cents < opening_mrr_cents then 'contraction'
        else 'none'
    end as movement
from balances
where opening_mrr_cents > 0 or closing_mrr_cents > 0
"""

# %% fct_revenue
def fct_revenue():
    return """
select
    {{ company_date('created_at', 'month') }} as month,
    coalesce(sum(amount_cents) filter (where reporting_category = 'charge'), 0) as gross_cents,
    coalesce(sum(amount_cents) filter (where reporting_category = 'refund'), 0) as refunds_cents,
    coalesce(sum(amount_cents) filter (
        where reporting_category in ('dispute', 'dispute_reversal')), 0) as disputes_cents,
    -sum(fee_cents) as fees_cents,
    sum(amount_cents - fee_cents) as net_revenue_cents
from {{ ref('stg_stripe__balance_transactions') }}
where reporting_category <> 'payout'
group by 1
"""

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
    select household_id, arg_min(customer_id, created_at) as customer_id
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

# %% fct_funnel
def fct_funnel():
    return """
with homes as (
    select household_id, {{ company_date('signed_up_at', 'month') }} as month,
        signed_up_at + interval '28 days' as until
    from {{ ref('stg_production__households') }}
),
reached as (
    select
        month,
        exists (select 1 from {{ ref('stg_production__subscriptions') }} as s
            where s.household_id = homes.household_id and s.started_at < until) as subscribed,
        (select count(*) from {{ ref('stg_production__orders') }} as o
            where o.household_id = homes.household_id and o.placed_at < until) as orders
    from homes
)
select month, count(*) as signed_up,
    count(*) filter (where subscribed) as subscribed,
    count(*) filter (where subscribed and orders >= 1) as ordered,
    count(*) filter (where subscribed and orders >= 2) as ordered_again
from reached
group by month
"""
