with month_ends as (

    select
        customers.household_id,
        months.month,
        sum(periods.mrr_cents) as mrr_cents
    from {{ ref('int_months') }} as months
    inner join {{ ref('int_subscription_periods') }} as periods
        on periods.valid_from < {{ end_of_company_month('months.month') }}
        and (periods.valid_until is null or periods.valid_until >= {{ end_of_company_month('months.month') }})
    inner join {{ ref('stg_stripe__customers') }} as customers on periods.customer_id = customers.customer_id
    group by customers.household_id, months.month

),

-- From a customer's first month on there is a row each month, also for those in which there is nothing.
spine as (

    select firsts.household_id, months.month
    from (
        select household_id, min(month) as first_month
        from month_ends
        group by household_id
    ) as firsts
    inner join {{ ref('int_months') }} as months on firsts.first_month <= months.month

),

balances as (

    select
        spine.household_id,
        spine.month,
        coalesce(month_ends.mrr_cents, 0) as closing_mrr_cents,
        coalesce(
            lag(month_ends.mrr_cents) over (partition by spine.household_id order by spine.month), 0
        ) as opening_mrr_cents,
        coalesce(max(month_ends.mrr_cents) over (
            partition by spine.household_id order by spine.month
            rows between unbounded preceding and 1 preceding
        ), 0) > 0 as has_paid_before
    from spine
    left join month_ends on spine.household_id = month_ends.household_id and spine.month = month_ends.month

)

select
    household_id,
    month,
    cast(opening_mrr_cents as bigint) as opening_mrr_cents,
    cast(closing_mrr_cents as bigint) as closing_mrr_cents,
    cast(closing_mrr_cents - opening_mrr_cents as bigint) as change_cents,
    case
        when opening_mrr_cents = 0 and has_paid_before then 'reactivation'
        when opening_mrr_cents = 0 then 'new'
        when closing_mrr_cents = 0 then 'churn'
        when closing_mrr_cents > opening_mrr_cents then 'expansion'
        when closing_mrr_cents < opening_mrr_cents then 'contraction'
        else 'none'
    end as movement
from balances
where opening_mrr_cents > 0 or closing_mrr_cents > 0
