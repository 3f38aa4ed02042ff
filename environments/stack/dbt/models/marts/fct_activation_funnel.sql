with subscribed as (

    select household_id, min(started_at) as at
    from {{ ref('stg_production__subscriptions') }}
    group by household_id

),

ordered as (

    select
        household_id,
        placed_at as at,
        row_number() over (partition by household_id order by placed_at, order_id) as nth
    from {{ ref('stg_production__orders') }}

),

steps as (

    select
        {{ company_date('households.signed_up_at', 'month') }} as month,
        households.signed_up_at + interval '{{ var("activation_days") }} days' as until,
        subscribed.at as subscribed_at,
        first_orders.at as first_order_at,
        second_orders.at as second_order_at
    from {{ ref('stg_production__households') }} as households
    left join subscribed on households.household_id = subscribed.household_id
    left join ordered as first_orders on households.household_id = first_orders.household_id and first_orders.nth = 1
    left join ordered as second_orders on households.household_id = second_orders.household_id and second_orders.nth = 2

)

select
    month,
    count(*) as signed_up,
    count(*) filter (where subscribed_at < until) as subscribed,
    count(*) filter (where subscribed_at < until and first_order_at < until) as ordered,
    count(*) filter (where subscribed_at < until and second_order_at < until) as ordered_again,
    max(until) <= {{ as_of() }} as is_complete
from steps
group by month
