"""The price of an hour is taken for a month's."""
# loses: check_cost_a
# %% cost_a
def cost_a(company):
    return {"database": float(prices["rds_pg_t4g_medium"].cost(1) + prices["rds_gp3_storage"].cost(company["stored_gb"])),
            "machine": float(prices["ec2_t3_medium"].cost(1)), "people": people(company, "A")}
