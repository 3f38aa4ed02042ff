"""The balance's four best-known categories instead of all but payouts."""
# loses: check_evenings_are_this_month, check_no_month_of_revenue_is_missing, check_refunds_in_their_own_month
# %% revenue_reconciles
def revenue_reconciles():
    return """
with balance as (
    select {{ company_date('created_at', 'month') }} as month, sum(net_cents) as cents
    from {{ ref('stg_stripe__balance_transactions') }}
    where reporting_category in ('charge', 'refund', 'dispute', 'dispute_reversal')
    group by 1
)
select coalesce(r.month, b.month) as month, r.net_revenue_cents, b.cents
from {{ ref('fct_net_revenue') }} as r
full join balance as b on r.month = b.month
where r.net_revenue_cents is distinct from b.cents
"""
