"""A refund is taken from the month of its charge, which was reported long ago."""
# loses: check_refunds_by_their_own_date
# %% fct_revenue
def fct_revenue():
    return """
select
    {{ company_date('coalesce(charges.created_at, lines.created_at)', 'month') }} as month,
    coalesce(sum(amount_cents) filter (where reporting_category = 'charge'), 0) as gross_cents,
    coalesce(sum(amount_cents) filter (where reporting_category = 'refund'), 0) as refunds_cents,
    coalesce(sum(amount_cents) filter (
        where reporting_category in ('dispute', 'dispute_reversal')), 0) as disputes_cents,
    -sum(fee_cents) as fees_cents,
    sum(amount_cents - fee_cents) as net_revenue_cents
from {{ ref('stg_stripe__balance_transactions') }} as lines
left join {{ ref('stg_stripe__refunds') }} as refunds on lines.source_id = refunds.refund_id
left join {{ ref('stg_stripe__charges') }} as charges on refunds.charge_id = charges.charge_id
where reporting_category <> 'payout'
group by 1
"""
