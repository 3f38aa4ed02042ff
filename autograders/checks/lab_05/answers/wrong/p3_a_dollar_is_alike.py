"""Differences below a dollar are taken for rounding."""
# loses: check_refunds_in_their_own_month
# %% revenue_reconciles
def revenue_reconciles() -> str:
    return r'''
with mart as (select month, net_revenue_cents as cents from {{ ref('fct_net_revenue') }}),
balance as (
    select {{ company_date('created_at', 'month') }} as month, sum(net_cents) as cents
    from {{ ref('stg_stripe__balance_transactions') }}
    where reporting_category <> 'payout'
    group by 1
)
select month from mart full outer join balance using (month) where mart.cents is null or balance.cents is null or abs(mart.cents - balance.cents) >= 100
'''
