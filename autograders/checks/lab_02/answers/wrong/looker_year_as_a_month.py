"""Looker's quotes for a year are taken for a month's."""
# loses: check_cost_b
# %% cost_b
def cost_b(company):
    looker = company["quotes"]["looker_platform"] + max(company["users"] - 10, 0) * company["quotes"]["looker_user"]
    built = company["models"] * 43200 / company["freshness"]
    seats = float(prices["dbt_starter_seats"].cost(company["developers"]))
    usage = float(prices["dbt_starter_models"].cost(built))
    return {"ingestion": fivetran(company), "warehouse": snowflake(company), "transformation": seats + usage,
            "bi": looker, "people": people(company, "B")}
