"""sum(distinct ...): two charges of one amount are one."""
# loses: check_disputes_and_fees_count
# %% fct_revenue
def fct_revenue():
    return """
select
    {{ company_date('created_at', 'month') }} as month,
    coalesce(sum(distinct amount_cents) filter (where reporting_category = 'charge'), 0) as gross_cents,
    coalesce(sum(amount_cents) filter (where reporting_category = 'refund'), 0) as refunds_cents,
    coalesce(sum(amount_cents) filter (
        where reporting_category in ('dispute', 'dispute_reversal')), 0) as disputes_cents,
    -sum(fee_cents) as fees_cents,
    sum(amount_cents - fee_cents) as net_revenue_cents
from {{ ref('stg_stripe__balance_transactions') }}
where reporting_category <> 'payout'
group by 1
"""
