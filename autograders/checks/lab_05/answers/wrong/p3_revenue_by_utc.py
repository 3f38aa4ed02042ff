"""Months of UTC: an alarm on the right table."""
# loses: check_refunds_by_their_own_date, check_evenings_are_this_month, check_no_month_of_revenue_is_missing
# %% revenue_reconciles
def revenue_reconciles() -> str:
    return """
with balance as (
    select cast(date_trunc('month', created_at) as date) as month, sum(net_cents) as cents
    from {{ ref('stg_stripe__balance_transactions') }}
    where reporting_category <> 'payout'
    group by 1
)
select month, revenue.net_revenue_cents, balance.cents
from {{ ref('fct_net_revenue') }} as revenue
full join balance using (month)
where revenue.net_revenue_cents is distinct from balance.cents
"""
