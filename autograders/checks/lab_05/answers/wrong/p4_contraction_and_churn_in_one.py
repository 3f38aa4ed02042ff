"""A customer who pays less has churned."""
# loses: check_every_change_has_its_name
# %% fct_customer_movements
def fct_customer_movements():
    return """
with firsts as (
    select household_id, min(month) as month from {{ ref('fct_customer_mrr') }} group by 1
),
balances as (
    select
        firsts.household_id,
        months.month,
        coalesce(mrr.mrr_cents, 0) as closing_mrr_cents,
        coalesce(lag(mrr.mrr_cents) over (
            partition by firsts.household_id order by months.month), 0) as opening_mrr_cents,
        months.month = firsts.month as is_first
    from firsts
    inner join {{ ref('int_months') }} as months on months.month >= firsts.month
    left join {{ ref('fct_customer_mrr') }} as mrr
        on firsts.household_id = mrr.household_id and months.month = mrr.month
)
select
    household_id, month, opening_mrr_cents, closing_mrr_cents,
    closing_mrr_cents - opening_mrr_cents as change_cents,
    case
        when is_first then 'new'
        when opening_mrr_cents = 0 then 'reactivation'
        when closing_mrr_cents = 0 then 'churn'
        when closing_mrr_cents > opening_mrr_cents then 'expansion'
        when closing_mrr_cents < opening_mrr_cents then 'churn'
        else 'none'
    end as movement
from balances
where opening_mrr_cents > 0 or closing_mrr_cents > 0
"""
