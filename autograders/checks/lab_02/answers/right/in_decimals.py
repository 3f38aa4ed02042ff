"""Everything in Decimal, and sets for reasons."""
# %% graduated
from decimal import Decimal

def graduated(quantity, tiers):
    left, total, below = Decimal(str(quantity)), Decimal(0), Decimal(0)
    for up_to, amount in tiers:
        room = left if up_to is None else min(left, Decimal(str(up_to)) - below)
        total, left, below = total + room * Decimal(str(amount)), left - room, below + room
    return total
# %% monthly_bill
def monthly_bill(price, quantity):
    beyond = Decimal(quantity) - Decimal(price["included"])
    period = Decimal(price["base"]) + (beyond * Decimal(price["amount"]) if beyond > 0 else 0)
    floor = Decimal(price["minimum"]) if quantity else Decimal(0)
    return max(period, floor) / {"annual": 12, "monthly": 1}[price["billed"]]
# %% people
def people(company, option):
    hours = Decimal(str(company["hours"][option])) + Decimal(str(company["hours_per_source"][option])) * len(company["mar"])
    rate = Decimal(company["rate"])
    if company["rate_currency"] == "EUR":
        rate *= Decimal(str(company["usd_per_eur"]))
    return hours * rate
# %% cost_a
def cost_a(company):
    return {"people": people(company, "A"), "machine": prices["ec2_t3_medium"].cost(730),
            "database": prices["rds_pg_t4g_medium"].cost(730) + prices["rds_gp3_storage"].cost(company["stored_gb"])}
# %% fivetran
def fivetran(company):
    if sum(company["mar"].values()) <= 500000:
        return Decimal(0)
    rate = Decimal(str(company["quotes"]["fivetran_million"]))
    return sum((max(Decimal(5), Decimal(str(rows)) * rate / 10**6) for rows in company["mar"].values() if rows), Decimal(0))
# %% ruled_out
def ruled_out(company, facts):
    def broken(fact):
        if company["region"] is not None and fact["regions"] is not None and company["region"] not in fact["regions"]:
            yield "residency"
        if company["freshness"] < fact["freshest"]:
            yield "freshness"
        if company["stored_gb"] > fact["largest_gb"]:
            yield "size"
        if company["needs_soc2"] and fact["soc2"] is False:
            yield "soc2"
        if fact["engineer"] and not company["has_engineer"]:
            yield "engineer"
        if fact["notice_months"] > company["leave_within"]:
            yield "contract"
    return {option: set(broken(fact)) for option, fact in facts.items()}
