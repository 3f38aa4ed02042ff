-- What a month opens with and what moved in it make what it closes with, and a month opens with what the last one
-- closed with.
select month
from (
    select *, lag(closing_mrr_cents) over (order by month) as last_closing_mrr_cents
    from {{ ref('fct_mrr') }}
) as months
where
    opening_mrr_cents + new_mrr_cents + expansion_mrr_cents + contraction_mrr_cents + churn_mrr_cents
    + reactivation_mrr_cents <> closing_mrr_cents
    or opening_mrr_cents <> coalesce(last_closing_mrr_cents, 0)
