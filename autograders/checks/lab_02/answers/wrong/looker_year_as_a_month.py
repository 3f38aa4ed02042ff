"""The quote for a year is taken for a month's."""
# loses: check_cost_b
# %% cost_b
def cost_b(company):
    built = company["models"] * 43200 / company["freshness"]
    seats = float(prices["dbt_starter_seats"].cost(company["developers"]))
    usage = float(prices["dbt_starter_models"].cost(built))
    return {"ingestion": fivetran(company), "warehouse": snowflake(company), "transformation": seats + usage,
            "bi": company["quotes"]["looker_year"], "people": people(company, "B")}
