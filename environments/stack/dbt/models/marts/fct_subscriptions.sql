with running as (

    select subscription_id, mrr_cents
    from {{ ref('int_subscription_periods') }}
    where valid_until is null

),

paid as (

    select subscription_id, min(valid_from) as first_paid_at
    from {{ ref('int_subscription_periods') }}
    where mrr_cents > 0
    group by subscription_id

)

select
    subscriptions.subscription_id,
    subscriptions.production_subscription_id,
    customers.household_id,
    prices.plan_id,
    subscriptions.status,
    subscriptions.currency,
    subscriptions.started_at,
    subscriptions.trial_ends_at,
    paid.first_paid_at,
    subscriptions.canceled_at,
    subscriptions.ended_at,
    cast(coalesce(running.mrr_cents, 0) as bigint) as mrr_cents
from {{ ref('stg_stripe__subscriptions') }} as subscriptions
inner join {{ ref('stg_stripe__customers') }} as customers on subscriptions.customer_id = customers.customer_id
inner join {{ ref('stg_stripe__prices') }} as prices on subscriptions.price_id = prices.price_id
left join running on subscriptions.subscription_id = running.subscription_id
left join paid on subscriptions.subscription_id = paid.subscription_id
