"""No more than five seats, as the plan has no more."""
# loses: check_cost_b
# %% cost_b
def cost_b(company) -> dict:
    built = company["models"] * 30 * 24 * 60 / company["freshness"]
    quotes = company["quotes"]
    return {"ingestion": fivetran(company), "warehouse": snowflake(company),
            "transformation": float(prices["dbt_starter_seats"].cost(min(company["developers"], 5))
                                    + prices["dbt_starter_models"].cost(built)),
            "bi": (quotes["looker_platform"] + quotes["looker_user"] * max(company["users"] - 10, 0)) / 12,
            "people": people(company, "B")}
