select
    events.occurred_week as week,
    count(distinct people.household_id) as active_households,
    count(distinct people.person_id) as active_people,
    count(distinct case when events.tool = 'mixpanel' then people.household_id end) as active_households_web,
    count(distinct case when events.tool = 'amplitude' then people.household_id end) as active_households_mobile
from {{ ref('fct_product_events') }} as events
inner join {{ ref('stg_production__people') }} as people on events.person_id = people.person_id
group by events.occurred_week
