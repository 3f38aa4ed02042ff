"""Totals are compared, as in the first version of the project."""
# loses: check_refunds_in_their_own_month, check_evenings_are_this_month, check_no_month_of_revenue_is_missing
# %% revenue_reconciles
def revenue_reconciles() -> str:
    return """
select * from (select sum(net_revenue_cents) as revenue from {{ ref('fct_net_revenue') }})
cross join (select sum(net_cents) as balance from {{ ref('stg_stripe__balance_transactions') }}
            where reporting_category <> 'payout')
where revenue <> balance
"""
