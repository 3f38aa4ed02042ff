"""Cents for dollars."""
# loses: check_mrr_is_a_level
# %% mrr_metrics
def mrr_metrics():
    return {"mrr": "arg_max(closing_mrr_cents, month)",
            "net_new_mrr": "(sum(new_mrr_cents + expansion_mrr_cents + reactivation_mrr_cents) + sum(contraction_mrr_cents + churn_mrr_cents)) / 100.0",
            "quick_ratio": "sum(new_mrr_cents + expansion_mrr_cents + reactivation_mrr_cents) / nullif(-sum(contraction_mrr_cents + churn_mrr_cents), 0)"}
