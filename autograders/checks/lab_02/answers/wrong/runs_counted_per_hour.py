"""Whole runs in an hour: rarer than hourly counts as no run at all."""
# loses: check_cost_b
# %% cost_b
def cost_b(company):
    q = company["quotes"]
    built = company["models"] * (60 // company["freshness"]) * 720
    return {"ingestion": fivetran(company), "warehouse": snowflake(company),
            "transformation": float(prices["dbt_starter_seats"].cost(company["developers"])
                                    + prices["dbt_starter_models"].cost(built)),
            "bi": (q["looker_platform"] + max(0, company["users"] - 10) * q["looker_user"]) / 12,
            "people": people(company, "B")}
