"""Without macros of the project or of dbt but ref: correlated subqueries, its own time zone, decimals."""
# %% fct_customer_mrr
def fct_customer_mrr():
    return """
{{ config(materialized='view') }}
with ends as (
    select month, least((month + interval 1 month)::timestamp at time zone 'America/New_York',
        timestamptz '2026-07-01 00:00:00+00') as ends_at
    from {{ ref('int_months') }}
), held as (
    select p.household_id, e.month, p.subscription_id,
        max_by(p.status, p.valid_from) as status,
        max_by(round(p.price_usd_cents::decimal(18, 4) / p.billing_interval_count
            / if(p.billing_interval = 'year', 12, 1)), p.valid_from) as cents
    from {{ ref('int_plan_periods') }} p join ends e on p.valid_from < e.ends_at
    where not coalesce(p.valid_until < e.ends_at, false)
    group by all
)
select household_id, month, sum(cents) as mrr_cents, 'more' as another_column
from held where status = 'active' or status = 'past_due'
group by all having sum(cents) > 0 order by month desc
"""

# %% fct_customer_movements
def fct_customer_movements():
    text = """
select h.household_id, m.month, before.cents as opening_mrr_cents, now.cents as closing_mrr_cents,
    now.cents - before.cents as change_cents,
    case
        when before.cents > 0 and now.cents > before.cents then 'expansion'
        when before.cents > 0 and now.cents = before.cents then 'none'
        when before.cents > 0 and now.cents > 0 then 'contraction'
        when before.cents > 0 then 'churn'
        when exists (from MRR p where p.household_id = h.household_id and p.month < m.month)
            then 'reactivation'
        else 'new'
    end as movement
from (select household_id from MRR group by 1) h, {{ ref('int_months') }} m,
    lateral (select coalesce(sum(mrr_cents), 0) as cents from MRR a
        where a.household_id = h.household_id and a.month = m.month) as now,
    lateral (select coalesce(sum(mrr_cents), 0) as cents from MRR b
        where b.household_id = h.household_id and b.month = m.month - interval 1 month) as before
where now.cents + before.cents <> 0
"""
    return text.replace("MRR", "{{ ref('fct_customer_mrr') }}")

# %% fct_revenue
def fct_revenue():
    return """
select month, gross_cents, refunds_cents, disputes_cents, fees_cents, all_cents + fees_cents as net_revenue_cents
from (
    select date_trunc('month', timezone('America/New_York', created_at)) as month,
        sum(case reporting_category when 'charge' then amount_cents else 0 end) as gross_cents,
        sum(case reporting_category when 'refund' then amount_cents else 0 end) as refunds_cents,
        sum(case when reporting_category like 'dispute%' then amount_cents else 0 end) as disputes_cents,
        sum(amount_cents) as all_cents, sum(fee_cents) * -1 as fees_cents
    from {{ ref('stg_stripe__balance_transactions') }}
    where not reporting_category = 'payout'
    group by 1
)
"""

# %% dim_households
def dim_households():
    return """
select h.household_id, p.full_name as owner_name, p.email as owner_email,
    (select customer_id from {{ ref('stg_stripe__customers') }} s
        where s.household_id = h.household_id order by created_at limit 1) as stripe_customer_id,
    (select count(*) from {{ ref('stg_production__people') }} a
        where a.household_id = h.household_id) as people,
    (select count(*) from {{ ref('stg_production__orders') }} o
        where o.household_id = h.household_id) as orders,
    (select coalesce(sum(total_cents), 0) from {{ ref('stg_production__orders') }} o
        where o.household_id = h.household_id and order_status in ('paid', 'delivered'))
        as order_revenue_cents,
    (select count(*) from {{ ref('int_crm_contacts_matched') }} c
        where c.household_id = h.household_id) as crm_contacts
from {{ ref('stg_production__households') }} h
join {{ ref('stg_production__people') }} p on p.household_id = h.household_id and p.is_owner
"""

# %% fct_funnel
def fct_funnel():
    return """
with firsts as (
    select household_id, min(started_at) as at from {{ ref('stg_production__subscriptions') }} group by 1
), nth as (
    select household_id, placed_at, row_number() over (partition by household_id order by placed_at) as n
    from {{ ref('stg_production__orders') }}
), steps as (
    select date_trunc('month', timezone('America/New_York', h.signed_up_at)) as month,
        coalesce(epoch(f.at) - epoch(h.signed_up_at) < 28 * 86400, false) as subscribed,
        coalesce(epoch(a.placed_at) - epoch(h.signed_up_at) < 28 * 86400, false) as first,
        coalesce(epoch(b.placed_at) - epoch(h.signed_up_at) < 28 * 86400, false) as second
    from {{ ref('stg_production__households') }} h
    left join firsts f using (household_id)
    left join nth a on a.household_id = h.household_id and a.n = 1
    left join nth b on b.household_id = h.household_id and b.n = 2
)
select month, count(*) as signed_up, sum(subscribed::int) as subscribed,
    sum((subscribed and first)::int) as ordered, sum((subscribed and second)::int) as ordered_again
from steps group by month
"""
