with events as (

    select
        *,
        lead(occurred_at) over (partition by subscription_id order by occurred_at) as valid_until,
        -- A pause stops the bills to come: the period it begins in is paid, and one that begins in it is worth nothing.
        first_value(is_paused) over (
            partition by subscription_id, period_starts_at order by occurred_at
        ) as is_unpaid_period
    from {{ ref('stg_stripe__subscription_events') }}

)

select
    events.event_id as subscription_period_id,
    events.subscription_id,
    events.customer_id,
    events.price_id,
    events.status,
    events.occurred_at as valid_from,
    events.valid_until,
    case
        when events.status not in ('active', 'past_due') or events.is_unpaid_period then 0
        else cast(round(events.monthly_amount * rates.usd_cents_per_10000 / 10000.0) as bigint)
    end as mrr_cents
from events
inner join {{ ref('budget_rates') }} as rates on events.currency = rates.currency
