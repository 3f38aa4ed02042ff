"""Series and frames."""
# %% people
def people(company, option):
    table = pd.DataFrame({"base": company["hours"], "each": company["hours_per_source"]})
    hours = table.base + table.each * len(company["mar"])
    return hours[option] * company["rate"] * {"USD": 1, "EUR": company["usd_per_eur"]}[company["rate_currency"]]
# %% fivetran
def fivetran(company):
    rows = pd.Series(company["mar"])
    if rows.sum() <= 5e5:
        return 0.0
    return (rows[rows > 0] * company["quotes"]["fivetran_million"] / 1e6).clip(lower=5).sum()
# %% move_when
def move_when(stay, move, moving_cost, horizon):
    saved = (pd.Series(stay) - pd.Series(move)).rolling(horizon).sum().shift(1 - horizon)
    pays = saved[saved >= moving_cost]
    return None if pays.empty else int(pays.index[0])
# %% recommend
def recommend(company, costs, reasons):
    priced = pd.Series(costs(company)).astype(float).sort_values()
    priced = priced[[not reasons(company)[option] for option in priced.index]]
    return [] if priced.empty else list(priced[priced <= priced.iloc[0] * 1.1].index)
# %% decision
def decision(company):
    monthly = pd.Series({o: pd.Series(c(company)).astype(float).sum() for o, c in [("A", cost_a), ("B", cost_b), ("C", cost_c)]})
    why = ruled_out(company, companies.FACTS)
    allowed = monthly[[not why[o] for o in monthly.index]]
    return {"option": None if allowed.empty else allowed.idxmin(), "monthly": monthly.round(2).to_dict(),
            "rejected": {o: w for o, w in why.items() if w}}
