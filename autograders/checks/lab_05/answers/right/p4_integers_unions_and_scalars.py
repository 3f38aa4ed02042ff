"""Whole numbers, unions for windows, subqueries for joins, lists; set difference in a test."""
# %% fct_customer_mrr
def fct_customer_mrr() -> str:
    return """
{{ config(materialized='view') }}
with ends as materialized (
    select month, {{ end_of_company_month('month') }} as over_at from {{ ref('int_months') }}
), households as (
    select distinct household_id from {{ ref('int_plan_periods') }}
)
select household_id, month, mrr_cents
from households cross join ends cross join lateral (
    select sum((2 * price_usd_cents + pays_for) // (2 * pays_for))::bigint as mrr_cents
    from (select *, billing_interval_count * if(billing_interval = 'year', 12, 1) as pays_for
        from {{ ref('int_plan_periods') }}) as p
    where p.household_id = households.household_id and list_contains(['past_due', 'active'], p.status)
        and ends.over_at > p.valid_from and coalesce(p.valid_until, 'infinity') >= ends.over_at
)
where mrr_cents > 0
"""

# %% fct_customer_movements
def fct_customer_movements() -> str:
    return """
with pairs as (
    select household_id, month, 0 as opening, mrr_cents as closing from {{ ref('fct_customer_mrr') }}
    union all
    select household_id, (month + interval 1 month)::date, mrr_cents, 0 from {{ ref('fct_customer_mrr') }}
),
sums as (
    select household_id, month, sum(opening)::bigint as opening_mrr_cents,
        sum(closing)::bigint as closing_mrr_cents
    from pairs semi join {{ ref('int_months') }} using (month)
    group by all
)
select *, closing_mrr_cents - opening_mrr_cents as change_cents,
    if(opening_mrr_cents = 0,
       if(exists (from {{ ref('fct_customer_mrr') }} as e where e.household_id = sums.household_id
           and e.month < sums.month), 'reactivation', 'new'),
       if(closing_mrr_cents = 0, 'churn', ['contraction', 'none',
           'expansion'][2 + sign(closing_mrr_cents - opening_mrr_cents)::int])) as movement
from sums
"""

# %% fct_revenue
def fct_revenue() -> str:
    return """
{%- set columns = {'gross': ['charge'], 'refunds': ['refund'], 'disputes': ['dispute', 'dispute_reversal']} %}
{%- set b = ref('stg_stripe__balance_transactions') %}
with moved (month, kind, cents) as (
    {%- for name, kinds in columns.items() %}{% for kind in kinds %}
    select {{ company_date('created_at', 'month') }}, '{{ name }}', amount_cents from {{ b }}
        where reporting_category = '{{ kind }}'
    union all
    {%- endfor %}{% endfor %}
    select {{ company_date('created_at', 'month') }}, 'fees', -fee_cents from {{ b }}
        where reporting_category != 'payout'
    union all
    select {{ company_date('created_at', 'month') }}, 'net', net_cents from {{ b }}
        where reporting_category != 'payout'
)
select month,
    {%- for name in ['gross', 'refunds', 'disputes', 'fees'] %}
    sum(if(kind = '{{ name }}', cents, 0))::bigint as {{ name }}_cents,
    {%- endfor %}
    sum(cents) filter (kind = 'net')::bigint as net_revenue_cents
from moved group by all
"""

# %% dim_households
def dim_households() -> str:
    return """
{% set h = 'households.household_id' %}
select {{ h }},
    (select full_name from {{ ref('stg_production__people') }} as p where p.household_id = {{ h }}
        and p.is_owner) as owner_name,
    (select email from {{ ref('stg_production__people') }} as p where p.household_id = {{ h }}
        and p.is_owner) as owner_email,
    (select customer_id from {{ ref('stg_stripe__customers') }} as c
        where c.household_id = {{ h }} order by c.created_at limit 1) as stripe_customer_id,
    (select count(*) from {{ ref('stg_production__people') }} as p where p.household_id = {{ h }}) as people,
    (select count(*) from {{ ref('stg_production__orders') }} as o where o.household_id = {{ h }}) as orders,
    (select coalesce(sum(case order_status when 'paid' then total_cents when 'delivered' then total_cents
        end), 0)
        from {{ ref('stg_production__orders') }} as o where o.household_id = {{ h }}) as order_revenue_cents,
    (select count(*) from {{ ref('int_crm_contacts_matched') }} as m
        where m.household_id = {{ h }}) as crm_contacts
from {{ ref('stg_production__households') }} as households
"""

# %% fct_funnel
def fct_funnel() -> str:
    return """
with ordered as (
    select household_id, list_sort(list(epoch_us(placed_at))) as moments
        from {{ ref('stg_production__orders') }} group by all
), began as (
    select household_id, list(epoch_us(started_at)) as moments
        from {{ ref('stg_production__subscriptions') }} group by all
), depth as (
    select {{ company_date('h.signed_up_at', 'month') }} as month,
        epoch_us(h.signed_up_at) + 2419200000000 as ends,
        case when coalesce(len(list_filter(b.moments, lambda m: m < ends)), 0) = 0 then 0
             when o.moments[2] < ends then 3 when o.moments[1] < ends then 2 else 1 end as deep
    from {{ ref('stg_production__households') }} as h
    left join began as b on b.household_id = h.household_id
        left join ordered as o on o.household_id = h.household_id
)
select month, count(*) as signed_up
    {%- for name in ['subscribed', 'ordered', 'ordered_again'] %},
        count_if(deep >= {{ loop.index }})::bigint as {{ name }}{% endfor %}
from depth group by 1
"""

# %% movement_tests
def movement_tests() -> str:
    return """
version: 2
models:
- name: fct_mrr_movements
  tests:
  - unique:
      name: a_household_once_a_month
      column_name: "cast(household_id as varchar) || ' in ' || cast(month as varchar)"
  - relationships:
      arguments:
        to: ref("dim_customers")
        field: customer_id
      column_name: household_id
  - accepted_values:
      name: movements_have_names
      column_name: coalesce(movement, '?')
      arguments: {values: ["none", "new", "churn", "contraction", "expansion", "reactivation"]}
"""

# %% movements_follow
def movements_follow() -> str:
    return """
{{ config(severity = 'error') }}
with m as (from {{ ref('fct_mrr_movements') }})
from m
except all
select a.* from m as a
where a.opening_mrr_cents + a.change_cents = a.closing_mrr_cents
    and sign(a.change_cents) = map {'new': 1, 'expansion': 1, 'reactivation': 1, 'none': 0, 'churn': -1,
        'contraction': -1}[a.movement]
    and a.opening_mrr_cents = coalesce((select b.closing_mrr_cents from m as b
        where b.household_id = a.household_id and date_diff('month', b.month, a.month) = 1), 0)
"""
