"""Another aggregate, opening against closing, CASE for NULLIF."""
# %% mrr_metrics
def mrr_metrics():
    return {
        "quick_ratio": """case when sum(contraction_mrr_cents) + sum(churn_mrr_cents) < 0 then
            (sum(new_mrr_cents) + sum(expansion_mrr_cents) + sum(reactivation_mrr_cents))
            / abs(sum(contraction_mrr_cents) + sum(churn_mrr_cents)) end""",
        "net_new_mrr": "sum(closing_mrr_cents - opening_mrr_cents) * 0.01",
        "mrr": "last(closing_mrr_cents order by month)::decimal(18, 2) / 100",
    }
