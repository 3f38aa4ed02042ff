"""The price of a TB for each GB."""
# loses: check_snowflake
# %% snowflake
def snowflake(company):
    credits = 43200 / company["freshness"] * max(60, company["seconds"]) / 3600
    return 2.0 * credits + company["stored_gb"] * company["quotes"]["snowflake_tb"]
