"""LIKE 'refund%' takes refund_failure for a refund, and charge_failure for a charge."""
# loses: check_disputes_and_fees_count
# %% fct_revenue
def fct_revenue() -> str:
    return r"""
with lines as (
    select *, {{ company_date('created_at', 'month') }} as month
    from {{ ref('stg_stripe__balance_transactions') }} where reporting_category <> 'payout'
)
select month,
    cast(coalesce(sum(amount_cents) filter (where reporting_category like 'charge%'), 0) as bigint) as gross_cents,
    cast(coalesce(sum(amount_cents) filter (where reporting_category like 'refund%'), 0) as bigint) as refunds_cents,
    cast(coalesce(sum(amount_cents) filter (where reporting_category like 'dispute%'), 0) as bigint) as disputes_cents,
    cast(coalesce(-sum(fee_cents), 0) as bigint) as fees_cents,
    cast(coalesce(sum(amount_cents - fee_cents), 0) as bigint) as net_revenue_cents
from lines
group by month
"""
