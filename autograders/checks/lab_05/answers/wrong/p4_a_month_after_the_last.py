"""Each closing is next month's opening, also after the last month."""
# loses: check_movements_add_up
# %% fct_customer_movements
def fct_customer_movements():
    return """
with sides as (
    select household_id, month, 0 as opening, mrr_cents as closing from {{ ref('fct_customer_mrr') }}
    union all
    select household_id, cast(month + interval '1 month' as date), mrr_cents, 0 from {{ ref('fct_customer_mrr') }}
), added as (
    select household_id, month, sum(opening) as opening, sum(closing) as closing from sides group by 1, 2
)
select a.household_id, a.month, cast(opening as bigint) as opening_mrr_cents, cast(closing as bigint) as closing_mrr_cents,
    cast(closing - opening as bigint) as change_cents,
    case when opening = closing then 'none' when opening = 0 and a.month = f.first then 'new' when opening = 0 then 'reactivation'
        when closing = 0 then 'churn' when closing > opening then 'expansion' else 'contraction' end as movement
from added a join (select household_id, min(month) as first from {{ ref('fct_customer_mrr') }} group by 1) f on f.household_id = a.household_id
"""
