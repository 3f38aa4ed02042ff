"""A start is billed for its seconds only."""
# loses: check_snowflake
# %% snowflake
def snowflake(company):
    credits = 43200 / company["freshness"] * company["seconds"] / 3600
    return 2.0 * credits + company["stored_gb"] / 1000 * company["quotes"]["snowflake_tb"]
