select
    id as subscription_id,
    household_id,
    plan_id,
    started_at,
    ended_at
from {{ source('production', 'subscriptions') }}
