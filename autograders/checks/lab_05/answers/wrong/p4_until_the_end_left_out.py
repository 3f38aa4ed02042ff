"""A period that ends with the month does not count for it."""
# loses: check_months_end_on_the_companys_clock
# %% fct_customer_mrr
def fct_customer_mrr():
    return """
select
    periods.household_id,
    months.month,
    cast(sum(round(periods.price_usd_cents / (
        case periods.billing_interval when 'year' then 12.0 else 1.0 end
        * periods.billing_interval_count))) as bigint) as mrr_cents
from {{ ref('int_months') }} as months
inner join {{ ref('int_plan_periods') }} as periods
    on periods.valid_from < {{ end_of_company_month('months.month') }}
    and (periods.valid_until is null
        or periods.valid_until > {{ end_of_company_month('months.month') }})
where periods.status in ('active', 'past_due')
group by periods.household_id, months.month
having mrr_cents > 0
"""
