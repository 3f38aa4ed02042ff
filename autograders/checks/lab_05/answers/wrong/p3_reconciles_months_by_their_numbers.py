"""Months by their number: June of two years is one."""
# loses: check_no_month_of_revenue_is_missing
# %% revenue_reconciles
def revenue_reconciles():
    return """
with ours as (select month(month) as m, sum(net_revenue_cents) as cents from {{ ref('fct_net_revenue') }} group by 1),
theirs as (select month({{ company_time('created_at') }}) as m, sum(net_cents) as cents
    from {{ ref('stg_stripe__balance_transactions') }} where reporting_category <> 'payout' group by 1)
select m from ours full join theirs using (m) where ours.cents is distinct from theirs.cents
"""
