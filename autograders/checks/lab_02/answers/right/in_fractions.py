"""Exact fractions come back, not floats."""
# %% graduated
from fractions import Fraction

def graduated(quantity, tiers):
    q = Fraction(quantity)
    ends = [Fraction(end) if end is not None else q for end, _ in tiers]
    starts = [Fraction(0)] + ends[:-1]
    return sum(max(Fraction(0), min(q, end) - start) * Fraction(amount) for start, end, (_, amount) in zip(starts, ends, tiers))
# %% people
def people(company, option):
    hours = Fraction(company["hours"][option]) + Fraction(company["hours_per_source"][option]) * len(company["mar"])
    return hours * Fraction(company["rate"]) * (Fraction(company["usd_per_eur"]) if company["rate_currency"] == "EUR" else 1)
# %% fivetran
def fivetran(company):
    each = Fraction(company["quotes"]["fivetran_million"], 1_000_000)
    if sum(company["mar"].values()) <= Fraction(1, 2) * 10**6:
        return Fraction(0)
    return sum(max(Fraction(5), rows * each) if rows else Fraction(0) for rows in map(Fraction, company["mar"].values()))
