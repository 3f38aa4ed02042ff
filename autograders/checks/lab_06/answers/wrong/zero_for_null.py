"""0 where nothing was lost."""
# loses: check_a_ratio_of_sums
# %% mrr_metrics
def mrr_metrics():
    return {"mrr": "arg_max(closing_mrr_cents, month) / 100.0",
            "net_new_mrr": "(sum(new_mrr_cents + expansion_mrr_cents + reactivation_mrr_cents) + sum(contraction_mrr_cents + churn_mrr_cents)) / 100.0",
            "quick_ratio": "coalesce(sum(new_mrr_cents + expansion_mrr_cents + reactivation_mrr_cents) / nullif(-sum(contraction_mrr_cents + churn_mrr_cents), 0), 0)"}
