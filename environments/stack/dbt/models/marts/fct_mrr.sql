select
    months.month,
    {%- for name, column in [('opening', 'opening_mrr_cents'), ('closing', 'closing_mrr_cents')] %}
    cast(coalesce(sum(movements.{{ column }}), 0) as bigint) as {{ name }}_mrr_cents,
    {%- endfor %}
    {%- for movement in ['new', 'expansion', 'contraction', 'churn', 'reactivation'] %}
    cast(coalesce(sum(movements.change_cents) filter (where movements.movement = '{{ movement }}'), 0) as bigint)
        as {{ movement }}_mrr_cents,
    {%- endfor %}
    count(*) filter (where movements.closing_mrr_cents > 0) as paying_customers,
    count(*) filter (where movements.movement = 'new') as new_customers,
    count(*) filter (where movements.movement = 'churn') as churned_customers,
    count(*) filter (where movements.movement = 'reactivation') as reactivated_customers
from {{ ref('int_months') }} as months
left join {{ ref('fct_mrr_movements') }} as movements on months.month = movements.month
group by months.month
