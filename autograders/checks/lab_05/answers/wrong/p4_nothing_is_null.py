"""A month without a charge has NULL."""
# loses: check_refunds_by_their_own_date, check_disputes_and_fees_count
# %% fct_revenue
def fct_revenue():
    return """
select
    {{ company_date('created_at', 'month') }} as month,
    sum(amount_cents) filter (where reporting_category = 'charge') as gross_cents,
    coalesce(sum(amount_cents) filter (where reporting_category = 'refund'), 0) as refunds_cents,
    coalesce(sum(amount_cents) filter (
        where reporting_category in ('dispute', 'dispute_reversal')), 0) as disputes_cents,
    -sum(fee_cents) as fees_cents,
    sum(amount_cents - fee_cents) as net_revenue_cents
from {{ ref('stg_stripe__balance_transactions') }}
where reporting_category <> 'payout'
group by 1
"""
