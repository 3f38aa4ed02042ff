"""Net adds up what has a column: money of other categories is missing."""
# loses: check_disputes_and_fees_count
# %% fct_revenue
def fct_revenue() -> str:
    return """
with lines as (
    select {{ company_date('created_at', 'month') }} as month, *
    from {{ ref('stg_stripe__balance_transactions') }} where reporting_category <> 'payout'
), parts as (
    select month, -sum(fee_cents) as fees_cents
    {%- for name, kinds in {'gross': "'charge'", 'refunds': "'refund'", 'disputes': "'dispute',
        'dispute_reversal'"}.items() %},
        coalesce(sum(amount_cents) filter (where reporting_category in ({{ kinds }})), 0) as {{ name }}_cents
    {%- endfor %}
    from lines group by month
)
select *, gross_cents + refunds_cents + disputes_cents + fees_cents as net_revenue_cents from parts
"""
