"""Union of both differences: two rows for one month."""
# loses: check_evenings_are_this_month, check_refunds_in_their_own_month
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
(select * from mart except select * from balance) union all (select * from balance except select * from mart)
'''
