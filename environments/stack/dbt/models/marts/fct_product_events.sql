{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='event_id',
        on_schema_change='fail'
    )
}}

{% set newest = newest_kept('loaded_at') if is_incremental() else none %}

select
    event_id,
    tool,
    event_name,
    person_id,
    device_id,
    occurred_at,
    received_at,
    loaded_at,
    {{ company_date('occurred_at') }} as occurred_on,
    {{ company_date('occurred_at', 'week') }} as occurred_week
from {{ ref('int_product_events_unioned') }}
{% if newest %}
-- By when a row came in, not by when it happened: an event of a phone that was offline is days old when it comes.
where loaded_at >= cast('{{ newest }}' as timestamp with time zone)
{% endif %}
