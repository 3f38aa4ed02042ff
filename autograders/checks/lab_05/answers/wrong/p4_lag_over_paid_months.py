"""The month before is taken for the last one that was paid: a gap is seen as nothing."""
# loses: check_movements_add_up, check_a_return_is_neither_new_nor_churn_twice
# %% fct_customer_movements
def fct_customer_movements():
    return """
with balances as (
    select household_id, month, mrr_cents as closing,
        coalesce(lag(mrr_cents) over (partition by household_id order by month), 0) as opening
    from {{ ref('fct_customer_mrr') }}
)
select household_id, month, opening as opening_mrr_cents, closing as closing_mrr_cents,
    closing - opening as change_cents,
    case when opening = 0 then 'new' when closing > opening then 'expansion'
        when closing < opening then 'contraction' else 'none' end as movement
from balances
"""
