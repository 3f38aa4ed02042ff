"""Compares running totals, so that each later month is a row too."""
# loses: check_evenings_are_this_month, check_no_month_of_revenue_is_missing, check_refunds_in_their_own_month
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
select * from (
    select coalesce(mart.month, balance.month) as month,
        sum(mart.cents) over (order by coalesce(mart.month, balance.month)) as a,
        sum(balance.cents) over (order by coalesce(mart.month, balance.month)) as b
    from mart full outer join balance on mart.month = balance.month
) where a is distinct from b
'''
