"""Who was away for a year is new again."""
# loses: check_a_return_is_neither_new_nor_churn_twice
# %% fct_customer_movements
def fct_customer_movements() -> str:
    return """
with firsts as (
    select household_id, min(month) as first_month from {{ ref('fct_customer_mrr') }} group by 1
), spine as (
    select firsts.*, months.month from firsts
        inner join {{ ref('int_months') }} as months on months.month >= first_month
), balances as (
    select spine.household_id, spine.month, first_month,
        coalesce(mrr_cents, 0) as closing_mrr_cents,
        lag(coalesce(mrr_cents, 0), 1, 0) over (
            partition by spine.household_id order by spine.month) as opening_mrr_cents
    from spine left join {{ ref('fct_customer_mrr') }} as mrr on mrr.household_id = spine.household_id
        and mrr.month = spine.month
)
select household_id, month, opening_mrr_cents, closing_mrr_cents,
    closing_mrr_cents - opening_mrr_cents as change_cents,
    case when opening_mrr_cents = 0 and coalesce(month >= 12 * interval '1 month' + (
            select max(past.month) from {{ ref('fct_customer_mrr') }} as past
            where past.household_id = balances.household_id and past.month < balances.month), true) then 'new'
        when opening_mrr_cents = 0 then 'reactivation'
        when closing_mrr_cents = 0 then 'churn' when closing_mrr_cents > opening_mrr_cents then 'expansion'
        when closing_mrr_cents < opening_mrr_cents then 'contraction' else 'none' end as movement
from balances
where opening_mrr_cents > 0 or closing_mrr_cents > 0
"""
