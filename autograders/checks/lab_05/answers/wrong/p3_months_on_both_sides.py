"""An inner join compares the months that both have."""
# loses: check_no_month_of_revenue_is_missing
# %% revenue_reconciles
def revenue_reconciles() -> str:
    return """
with balance as (
    select {{ company_date('created_at', 'month') }} as month, sum(net_cents) as cents
    from {{ ref('stg_stripe__balance_transactions') }}
    where reporting_category <> 'payout'
    group by 1
)
select month, revenue.net_revenue_cents, balance.cents
from {{ ref('fct_net_revenue') }} as revenue
inner join balance using (month)
where revenue.net_revenue_cents <> balance.cents
"""
