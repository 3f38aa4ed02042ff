"""Every amount rounded to the cent, as on an invoice."""
# %% graduated
def graduated(quantity, tiers) -> float:
    cost, start = 0.0, 0
    for up_to, amount in tiers:
        end = quantity if up_to is None else min(quantity, up_to)
        if end > start:
            cost += (end - start) * amount
            start = end
    return round(cost, 2)
# %% monthly_bill
def monthly_bill(price, quantity) -> float:
    cost = price["base"] + max(quantity - price["included"], 0) * price["amount"]
    if quantity > 0:
        cost = max(cost, price["minimum"])
    return round(cost / {"monthly": 1, "annual": 12}[price["billed"]], 2)
# %% people
def people(company, option) -> float:
    hours = company["hours"][option] + company["hours_per_source"][option] * len(company["mar"])
    dollars = company["rate"] * {"USD": 1, "EUR": company["usd_per_eur"]}[company["rate_currency"]]
    return round(hours * dollars, 2)
# %% cost_a
def cost_a(company) -> dict:
    database = prices["rds_pg_t4g_medium"].cost(730) + prices["rds_gp3_storage"].cost(company["stored_gb"])
    return {"database": round(float(database), 2), "machine": round(float(prices["ec2_t3_medium"].cost(730)), 2),
            "people": people(company, "A")}
# %% fivetran
def fivetran(company) -> float:
    if sum(company["mar"].values()) <= 500_000:
        return 0.0
    million = company["quotes"]["fivetran_million"]
    return round(sum(max(rows / 1e6 * million, 5) for rows in company["mar"].values() if rows), 2)
# %% snowflake
def snowflake(company) -> float:
    credits = 43_200 / company["freshness"] * max(company["seconds"], 60) / 3600
    storage = company["stored_gb"] / 1000 * company["quotes"]["snowflake_tb"]
    return round(float(prices["snowflake_credit_standard"].cost(credits)) + storage, 2)
# %% cost_b
def cost_b(company) -> dict:
    built = company["models"] * 43_200 / company["freshness"]
    transformation = prices["dbt_starter_seats"].cost(company["developers"]) + prices["dbt_starter_models"].cost(built)
    year = company["quotes"]["looker_platform"] + max(company["users"] - 10, 0) * company["quotes"]["looker_user"]
    return {"ingestion": fivetran(company), "warehouse": snowflake(company),
            "transformation": round(float(transformation), 2), "bi": round(year / 12, 2),
            "people": people(company, "B")}
