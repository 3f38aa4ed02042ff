"""One seat's price for all developers."""
# loses: check_cost_b
# %% cost_b
def cost_b(company):
    built = company["models"] * 43200 / company["freshness"]
    seats = 100
    usage = float(prices["dbt_starter_models"].cost(built))
    return {"ingestion": fivetran(company), "warehouse": snowflake(company), "transformation": seats + usage,
            "bi": company["quotes"]["looker_year"] / 12, "people": people(company, "B")}
