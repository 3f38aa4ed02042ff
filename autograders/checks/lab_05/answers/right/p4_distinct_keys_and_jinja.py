"""A fan-out join counted by keys, Jinja loops and variables, movements by a spine of numbers."""
# %% fct_customer_mrr
def fct_customer_mrr():
    return """
{% set months_paid = "if(billing_interval = 'year', 12, 1) * billing_interval_count" %}
{% set over = end_of_company_month('m.month') %}
select p.household_id, m.month, sum(p.cents)::bigint as mrr_cents
from (
    select *, floor(price_usd_cents / ({{ months_paid }}) + 0.5) as cents
    from {{ ref('int_plan_periods') }}
) as p, {{ ref('int_months') }} as m
where p.status not in ('trialing', 'paused', 'incomplete', 'unpaid', 'canceled', 'incomplete_expired')
    and p.valid_from < {{ over }} and ifnull(p.valid_until, timestamptz '9999-01-01') >= {{ over }}
group by all
having mrr_cents > 0
"""

# %% fct_customer_movements
def fct_customer_movements():
    return """
with mrr as (
    select * from {{ ref('fct_customer_mrr') }}
), moved as (
    select household_id, month, mrr_cents as closing, 0 as opening from mrr
    union all
    select household_id, (month + interval 1 month)::date, 0, mrr_cents from mrr
    where month < (select max(month) from {{ ref('int_months') }})
), rows as (
    select household_id, month, sum(opening) as opening, sum(closing) as closing,
        month = min(month) over (partition by household_id) as is_first
    from moved group by household_id, month
)
select household_id, month, opening as opening_mrr_cents, closing as closing_mrr_cents,
    closing - opening as change_cents,
    case when is_first then 'new' when opening = 0 then 'reactivation' when closing = 0 then 'churn'
        else ['contraction', 'none', 'expansion'][(sign(closing - opening) + 2)::int] end as movement
from rows
"""

# %% fct_revenue
def fct_revenue():
    return """
with lines as (
    select *, {{ company_date('created_at', 'month') }} as month
    from {{ ref('stg_stripe__balance_transactions') }} where reporting_category != 'payout'
)
select month
{% for name, kinds in {'gross': "'charge'", 'refunds': "'refund'",
                       'disputes': "'dispute', 'dispute_reversal'"}.items() %}
    , sum(if(reporting_category in ({{ kinds }}), amount_cents, 0)) as {{ name }}_cents
{% endfor %}
    , -sum(fee_cents) as fees_cents, sum(amount_cents) - sum(fee_cents) as net_revenue_cents
from lines group by month
"""

# %% dim_households
def dim_households():
    return """
with joined as (
    select h.household_id, p.person_id, p.is_owner, p.full_name, p.email, o.order_id, o.order_status,
        o.total_cents, c.contact_row, s.customer_id, s.created_at
    from {{ ref('stg_production__households') }} as h
    left join {{ ref('stg_production__people') }} as p on p.household_id = h.household_id
    left join {{ ref('stg_production__orders') }} as o on o.household_id = h.household_id
    left join {{ ref('int_crm_contacts_matched') }} as c on c.household_id = h.household_id
    left join {{ ref('stg_stripe__customers') }} as s on s.household_id = h.household_id
), earned as (
    select household_id, sum(total_cents) as cents
    from (select distinct household_id, order_id, total_cents from joined
        where order_status in ('paid', 'delivered')) group by 1
)
select household_id, max(full_name) filter (where is_owner) as owner_name,
    max(email) filter (where is_owner) as owner_email,
    min_by(customer_id, created_at) as stripe_customer_id, count(distinct person_id) as people,
    count(distinct order_id) as orders, coalesce(any_value(cents), 0) as order_revenue_cents,
    count(distinct contact_row) as crm_contacts
from joined left join earned using (household_id) group by household_id
"""

# %% fct_funnel
def fct_funnel():
    return """
{% set until = "h.signed_up_at + interval '672 hours'" %}
with counted as (
    select h.household_id, {{ company_date('any_value(h.signed_up_at)', 'month') }} as month,
        count(distinct s.subscription_id) filter (where s.started_at < {{ until }}) as subscriptions,
        count(distinct o.order_id) filter (where o.placed_at < {{ until }}) as orders
    from {{ ref('stg_production__households') }} as h
    left join {{ ref('stg_production__subscriptions') }} as s on s.household_id = h.household_id
    left join {{ ref('stg_production__orders') }} as o on o.household_id = h.household_id
    group by h.household_id
)
select month, count(*) as signed_up, count_if(subscriptions > 0) as subscribed
    {%- for name, least in [('ordered', 1), ('ordered_again', 2)] %},
    count_if(subscriptions > 0 and orders >= {{ least }}) as {{ name }}
    {%- endfor %}
from counted group by month
"""
