"""Whole runs a day, what is left of the day is lost."""
# loses: check_snowflake
# %% snowflake
def snowflake(company) -> float:
    runs = (24 * 60 // company["freshness"]) * 30
    credits = runs * max(company["seconds"], 60) / 3600
    storage = company["stored_gb"] / 1000 * company["quotes"]["snowflake_tb"]
    return float(prices["snowflake_credit_standard"].cost(credits)) + storage
