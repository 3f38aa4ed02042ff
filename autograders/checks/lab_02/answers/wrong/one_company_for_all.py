"""The numbers of the student's own company, typed in."""
# loses: check_cost_a
# %% cost_a
def cost_a(company):
    return {"database": 52.05, "machine": 30.368, "people": 1581.12}
