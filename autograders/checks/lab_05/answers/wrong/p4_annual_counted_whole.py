"""A yearly price counted as if it came each month."""
# loses: check_annual_plans_are_a_twelfth
# %% fct_customer_mrr
def fct_customer_mrr():
    return """
select
    periods.household_id,
    months.month,
    cast(sum(periods.price_usd_cents) as bigint) as mrr_cents
from {{ ref('int_months') }} as months
inner join {{ ref('int_plan_periods') }} as periods
    on periods.valid_from < {{ end_of_company_month('months.month') }}
    and (periods.valid_until is null
        or periods.valid_until >= {{ end_of_company_month('months.month') }})
where periods.status in ('active', 'past_due')
group by periods.household_id, months.month
having mrr_cents > 0
"""
