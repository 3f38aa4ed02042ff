select
    id as plan_id,
    name as plan_name,
    monthly_price_cents,
    servings
from {{ source('production', 'plans') }}
