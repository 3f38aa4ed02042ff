"""One seat's price for all developers."""
# loses: check_cost_b
# %% cost_b
def cost_b(company):
    looker = company["quotes"]["looker_platform"] + max(company["users"] - 10, 0) * company["quotes"]["looker_user"]
    built = company["models"] * 43200 / company["freshness"]
    seats = 100
    usage = float(prices["dbt_starter_models"].cost(built))
    return {"ingestion": fivetran(company), "warehouse": snowflake(company), "transformation": seats + usage,
            "bi": looker / 12, "people": people(company, "B")}
