"""People's time is not counted as money."""
# loses: check_cost_a
# %% cost_a
def cost_a(company):
    return {"database": float(prices["rds_pg_t4g_medium"].cost(730) + prices["rds_gp3_storage"].cost(company["stored_gb"])),
            "machine": float(prices["ec2_t3_medium"].cost(730)), "people": 0}
