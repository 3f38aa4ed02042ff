"""NULL where there was no churn, though contraction lost something."""
# loses: check_a_ratio_of_sums
# %% mrr_metrics
def mrr_metrics():
    won = "sum(new_mrr_cents + expansion_mrr_cents + reactivation_mrr_cents)"
    lost = "sum(contraction_mrr_cents + churn_mrr_cents)"
    return {"mrr": "arg_max(closing_mrr_cents, month) / 100.0",
            "net_new_mrr": f"({won} + {lost}) / 100.0",
            "quick_ratio": f"case when sum(churn_mrr_cents) < 0 then {won} / -{lost} end"}
