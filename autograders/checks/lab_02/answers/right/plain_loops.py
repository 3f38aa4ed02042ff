"""Loops and ifs, as a beginner writes them; prints a lot."""
# %% graduated
def graduated(quantity, tiers):
    print("asked for", quantity)
    cost = 0
    below = 0
    for tier in tiers:
        if tier[0] is None or quantity <= tier[0]:
            cost = cost + (quantity - below) * tier[1]
            return cost
        cost = cost + (tier[0] - below) * tier[1]
        below = tier[0]
    return cost
# %% snowflake
def snowflake(company):
    starts_a_day = 24 * 60 / company["freshness"]
    seconds = company["seconds"]
    if seconds < 60:
        seconds = 60
    hours = starts_a_day * 30 * seconds / 60 / 60
    print("hours", hours)
    return hours * 2.00 + company["stored_gb"] * (company["quotes"]["snowflake_tb"] / 1000)
# %% cost_b
def cost_b(company):
    result = {}
    result["ingestion"] = fivetran(company)
    result["warehouse"] = snowflake(company)
    built = company["models"] * (1440 / company["freshness"]) * 30
    result["transformation"] = 100 * company["developers"]
    if built > 15000:
        result["transformation"] += (built - 15000) * 0.01
    looker = company["quotes"]["looker_platform"]
    for user in range(10, company["users"]):
        looker = looker + company["quotes"]["looker_user"]
    result["bi"] = looker / 12
    result["people"] = people(company, "B")
    return result
# %% recommend
def recommend(company, costs, reasons):
    best = None
    for option in costs(company):
        if len(reasons(company)[option]) == 0:
            if best is None or costs(company)[option] < costs(company)[best]:
                best = option
    result = []
    if best is not None:
        result.append(best)
        others = []
        for option in costs(company):
            if option != best and not reasons(company)[option] and costs(company)[option] <= costs(company)[best] * 1.1:
                others.append((costs(company)[option], option))
        others.sort()
        for cost, option in others:
            result.append(option)
    return result
