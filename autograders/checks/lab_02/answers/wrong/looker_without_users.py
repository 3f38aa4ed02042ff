"""Looker's users cost nothing."""
# loses: check_cost_b
# %% cost_b
def cost_b(company):
    looker = company["quotes"]["looker_platform"]
    built = company["models"] * 43200 / company["freshness"]
    seats = float(prices["dbt_starter_seats"].cost(company["developers"]))
    usage = float(prices["dbt_starter_models"].cost(built))
    return {"ingestion": fivetran(company), "warehouse": snowflake(company), "transformation": seats + usage,
            "bi": looker / 12, "people": people(company, "B")}
