"""Full join with coalesce to 0: a month of 0 that only the mart has is not seen."""
# loses: check_no_month_of_revenue_is_missing
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
select month from mart full outer join balance using (month) where coalesce(mart.cents, 0) <> coalesce(balance.cents, 0)
'''
