"""New York is always five hours behind, in summer too."""
# loses: check_evenings_are_this_month, check_no_month_of_revenue_is_missing, check_refunds_in_their_own_month
# %% revenue_reconciles
def revenue_reconciles():
    return """
with balance as (
    select cast(date_trunc('month', created_at at time zone 'UTC' - interval '5 hours') as date) as month, sum(net_cents) as cents
    from {{ ref('stg_stripe__balance_transactions') }}
    where reporting_category <> 'payout'
    group by 1
)
select coalesce(r.month, b.month) as month, r.net_revenue_cents, b.cents
from {{ ref('fct_net_revenue') }} as r
full join balance as b on r.month = b.month
where r.net_revenue_cents is distinct from b.cents
"""
