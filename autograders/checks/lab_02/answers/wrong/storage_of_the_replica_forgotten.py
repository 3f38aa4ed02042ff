"""The replica's own storage is forgotten."""
# loses: check_cost_a
# %% cost_a
def cost_a(company):
    return {"database": float(prices["rds_pg_t4g_medium"].cost(730)), "machine": float(prices["ec2_t3_medium"].cost(730)),
            "people": people(company, "A")}
