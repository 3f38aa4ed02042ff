with lines as (

    select
        {{ company_date('created_at', 'month') }} as month,
        reporting_category,
        amount_cents,
        fee_cents
    from {{ ref('stg_stripe__balance_transactions') }}
    where reporting_category <> 'payout'

)

select
    month,
    cast(coalesce(sum(amount_cents) filter (where reporting_category = 'charge'), 0) as bigint) as gross_cents,
    cast(coalesce(sum(amount_cents) filter (where reporting_category = 'refund'), 0) as bigint) as refunds_cents,
    cast(coalesce(
        sum(amount_cents) filter (where reporting_category in ('dispute', 'dispute_reversal')), 0
    ) as bigint) as disputes_cents,
    cast(-sum(fee_cents) as bigint) as fees_cents,
    cast(sum(amount_cents - fee_cents) as bigint) as net_revenue_cents
from lines
group by month
