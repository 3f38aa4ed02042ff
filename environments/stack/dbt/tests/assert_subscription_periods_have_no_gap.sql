-- A period that overlaps another would count a subscription twice.
select subscription_id, valid_from
from {{ ref('int_subscription_periods') }}
where valid_until <= valid_from
