"""Warns, writes to stderr, works in threads, and builds on helpers of its own."""
# %% people
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

def in_dollars(amount, company):
    return amount * company["usd_per_eur"] if company["rate_currency"] == "EUR" else amount

def people(company, option):
    warnings.warn("hours are an assumption")
    print("hours of", option, file=sys.stderr)
    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(float, (company["hours"][option], company["hours_per_source"][option] * len(company["mar"])))
    return in_dollars(sum(parts) * company["rate"], company)
# %% snowflake
def snowflake(company):
    credit = prices["snowflake_credit_standard"]
    each = max(company["seconds"], 60) / 3600
    return float(credit.cost(each) * 43200 / company["freshness"]) + company["quotes"]["snowflake_tb"] * company["stored_gb"] / 1e3
# %% recommend
def recommend(company, costs, reasons):
    def generate():
        priced, why = costs(company), reasons(company)
        ordered = sorted((cost, option) for option, cost in priced.items() if not why[option])
        yield from (option for cost, option in ordered if cost <= 1.1 * ordered[0][0])
    return tuple(generate())
# %% decision
def decision(company):
    why = ruled_out(company, companies.FACTS)
    exact = {o: float(sum(map(float, cost(company).values()))) for o, cost in {"A": cost_a, "B": cost_b, "C": cost_c}.items()}
    monthly = {o: round(amount, 1) for o, amount in exact.items()}
    for option in sorted(exact, key=exact.get):
        if not why[option]:
            break
    else:
        option = None
    return {"option": option, "monthly": monthly, "rejected": {o: tuple(w) for o, w in why.items() if w}, "note": "rounded"}
