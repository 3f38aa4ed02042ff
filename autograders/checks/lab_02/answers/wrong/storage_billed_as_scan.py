"""Storage is billed for what is scanned."""
# loses: check_snowflake
# %% snowflake
def snowflake(company):
    runs = 43200 / company["freshness"]
    credits = runs * max(60, company["seconds"]) / 3600
    return 2.0 * credits + runs * company["scan_gb"] / 1000 * company["quotes"]["snowflake_tb"]
