-- All that ever came in, less what was paid out to the bank, is what the balance at Stripe is.
with revenue as (

    select sum(net_revenue_cents) as cents from {{ ref('fct_net_revenue') }}

),

balance as (

    select sum(net_cents) as cents
    from {{ ref('stg_stripe__balance_transactions') }}
    where reporting_category <> 'payout'

)

select revenue.cents as revenue_cents, balance.cents as balance_cents
from revenue
cross join balance
where revenue.cents <> balance.cents
