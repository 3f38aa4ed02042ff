"""What Lab 2's checks ask about besides companies:
prices, curves, forecasts and facts drawn at random, with what is due."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from inspect import isfunction

import numpy as np
from numpy import poly1d

from autograders.checks.lab_02 import callables, model
from autograders.draws import draw
from datasets import companies
from datasets.companies import FACTS, OPTIONS

# What the functions that a check gives compute, as code of the notebook. Those with arguments have them in braces.
IN_CODE = {
    callables.bill_of_all: 'lambda c: sum(rows * n for n, rows in enumerate(c["mar"].values(), 1)) / 1e6 '
                       '* c["quotes"]["fivetran_million"] + c["stored_gb"] * c["quotes"]["snowflake_tb"] '
                       '+ c["quotes"]["looker_platform"] / 12 + c["quotes"]["looker_user"] + c["users"] '
                       '+ c["developers"] + c["models"] + c["seconds"] + c["scan_gb"] + c["row_bytes"] '
                       '+ (sum(c["hours"].values()) + sum(c["hours_per_source"].values())) * c["rate"]',
    callables.stored: 'lambda c: c["stored_gb"]',
    callables.quote: 'lambda c: c["quotes"]["fivetran_million"]',
    callables.rows_per_gigabyte: 'lambda c: sum(c["mar"].values()) / c["stored_gb"]',
    callables.step: "lambda x: {1} if x < {0} else {2}",
    callables.bump: "lambda x: {2} if {0} <= x < {1} else {3}",
    callables.always: "lambda c: {0}",
}


# Minutes from run to run that fit into 30 days, and not into one.
NO_WHOLE_RUNS_A_DAY = (50, 2880)


def and_a_namesake(companies: list[dict]) -> list[dict]:
    """The companies, and one more that has the last one's name and seed, and nothing else of it: what an answer
    remembers of a company by these is wrong for it."""
    known = {key: companies[-1][key] for key in ("name", "seed")}
    return [*companies, model.unseen() | known]


def in_code(value) -> str:
    """An expression that makes this argument of a check in the student's notebook."""
    if isinstance(value, partial):
        return (
            _sum_in_code(*value.args)
            if value.func is callables.weighted
            else IN_CODE[value.func].format(*map(repr, value.args))
        )
    if isinstance(value, poly1d):
        return "lambda x: " + (" + ".join(_term(c, power) for power, c in enumerate(value.coeffs[::-1]) if c) or "0")
    if isfunction(value):
        return IN_CODE[value]
    if value == FACTS:
        return "companies.FACTS"
    return _company_in_code(value) if isinstance(value, dict) and {"seed", "mar"} <= set(value) else repr(value)


def _term(coefficient: float, power: int) -> str:
    number = int(coefficient) if coefficient == int(coefficient) else float(coefficient)
    return f"{number}{('', ' * x')[power] if power < 2 else f' * x ** {power}'}"


def _sum_in_code(weights: dict[str, float]) -> str:
    terms = {names: " * ".join(f'c["{name}"]' for name in names.split("*")) for names in weights}
    return "lambda c: " + " + ".join(f"{weight} * {terms[names]}" for names, weight in weights.items())


def _company_in_code(company: dict) -> str:
    drawn = companies.company(company["seed"])
    changed = {name: value for name, value in company.items() if value != drawn[name]}
    return f"companies.company({company['seed']})" + (f" | {changed}" if changed else "")


def tiers() -> list[tuple]:
    """A graduated price: a free tier, a second, and the rest."""
    first, second = draw.randint(10, 90), draw.randint(100, 900)
    return [(first, 0.0), (second, draw.randint(2, 9) / 4), (None, draw.randint(1, 7) / 8)]


def in_words(tiers: list[tuple]) -> str:
    return ", ".join(f"{amount} up to {end}" if end else f"{amount} beyond" for end, amount in tiers)


def marginal(quantity: float, tiers: list[tuple]) -> float:
    """Dollars for the quantity, each unit at its own tier's amount."""
    starts = [0, *(end for end, _ in tiers[:-1])]
    return sum((min(quantity, math.inf if end is None else end) - start) * amount
               for start, (end, amount) in zip(starts, tiers, strict=True) if quantity > start)


def crossings() -> list[tuple]:
    """Two costs, low, high, where the second becomes the cheaper for good, and what to call it."""
    at, early, small = draw.randint(300, 900), draw.randint(20, 90), round(draw.uniform(2, 9), 2)
    between = round(1 + 19.98 * draw.randint(10, 40) + 4, 2)  # a fiftieth of the range would step over it
    soon = round(1 + 4.995 * draw.randint(4, 15) + 1, 2)  # a tie taken for a higher cost is off by a step of the search
    level, dip = poly1d([500.0]), poly1d([early, at], True) / 100 + 500
    return [
        *(_lines(x, 1, 1000) for x in (at, small, 3.37)),
        _lines(0.33, 0.05, 0.9),
        _lines(4321.5, 10, 100_000),
        (dip, level, 1, 1000, at, f"first = (x - {early})(x - {at}) / 100 + 500, second = 500"),
        (level, dip, 1, 1000, None, f"first = 500, second = (x - {early})(x - {at}) / 100 + 500"),
        (
            poly1d([10.0, 0]),
            partial(callables.step, 5, 100.0, 10.0 * at),
            1,
            1000,
            at,
            f"first = 10 x, second = 100 below x = 5, {10 * at} from there on",
        ),
        (
            level,
            partial(callables.step, at, 600.0, 500.0),
            1,
            1000,
            at,
            f"first = 500, second = 600 below x = {at}, 500 from there on",
        ),
        (
            level,
            partial(callables.step, soon, 600.0, 500.0),
            1,
            1000,
            soon,
            f"first = 500, second = 600 below x = {soon}, 500 from there on",
        ),
        (
            partial(callables.step, at, 500.0, 700.0),
            partial(callables.bump, at / 4, at * 3 / 4, 500.0, 600.0),
            1,
            1000,
            at,
            f"first = 500 below x = {at}, 700 from there on, second = 600, but 500 from x = {at / 4} to {at * 3 / 4}",
        ),
        (
            level,
            partial(callables.step, small, 600.0, 400.0),
            1,
            1000,
            small,
            f"first = 500, second = 600 below x = {small}, 400 from there on",
        ),
        (
            level,
            partial(callables.bump, between, between + 12, 600.0, 500.0),
            1,
            1000,
            between + 12,
            f"first = 500, second = 500 but 600 from x = {between} to {between + 12:g}",
        ),
        (
            level,
            partial(callables.bump, at, 1000.5, 500.0, 600.0),
            1,
            1000,
            at,
            f"first = 500, second = 600 below x = {at}, 500 from there on, 600 again beyond high",
        ),
        (poly1d([1000.0]), poly1d([-1.0, 2000]), 1, 1000, 1000, "first = 1000, second = 2000 - x"),
        (poly1d([1.0, 0]), poly1d([1.0, 5]), 1, 1000, None, "first = x, second = x + 5"),
        (poly1d([1.0, 9]), poly1d([1.0, 0]), 1, 1000, 1, "first = x + 9, second = x"),
        (poly1d([1.0, 9]), poly1d([1.0, 0]), 0, 1000, 0, "first = x + 9, second = x"),
        (poly1d([1.0, 9]), poly1d([1.0, 9]), 2, 1000, 2, "first = x + 9, second = x + 9"),
    ]


def _lines(at: float, low: float, high: float) -> tuple:
    return poly1d([2.0, 0]), poly1d([1.0, at]), low, high, at, f"first = 2 x, second = x + {at}"


def swings() -> list[tuple]:
    """Weights of a cost, a company and ranges of its inputs:
    each is one in which another measure names another input."""
    return [
        ({"x": 3, "y": 5}, {"x": 20, "y": 20}, {"x": (10, 30), "y": (20, 29)}),  # not the way from today's value
        ({"x": 3, "y": 5}, {"x": 20, "y": 20}, {"x": (10, 21), "y": (20, 26)}),  # not the high end alone
        ({"x": 5, "y": 3}, {"x": 20, "y": 20}, {"x": (14, 20), "y": (19, 30)}),  # not the low end alone
        # Not in per cent.
        ({"base": 1, "x": 1, "y": 1}, {"base": 60, "x": 90, "y": -50}, {"x": (0, 50), "y": (-50, 20)}),
        ({"x": 2, "y": -3}, {"x": 5, "y": 5}, {"x": (0, 10), "y": (0, 10)}),  # a cost that falls moves, too
        ({"x": 2, "y": 1}, {"x": 5, "y": 5}, {"x": (5, 5), "y": (5, 6)}),  # a range without width moves nothing
        ({"x": 2, "y": 1}, {"x": 5, "y": 5}, {"x": (5, 5)}),  # and is named all the same where there is no other
        ({"x": 0.01, "y": 0.02}, {"x": 5, "y": 5}, {"x": (0, 10), "y": (0, 9)}),  # cents count, too
        # The others stay as they are today: not at the end that was tried last, not all at one end.
        ({"x*y": 1, "z": 1}, {"x": 10, "y": 10, "z": 10}, {"x": (9, 30), "y": (9, 20), "z": (0, 200)}),
    ]


def swing(number: int) -> tuple:
    """Of six inputs, one has a wide range; in every fourth it still does not matter most."""
    weights = dict(zip("tuvwx", draw.sample((-9, -4, 2, 6, 15), 5), strict=True)) | {"y": (-9, 2, -5, 15)[number % 4]}
    today = {name: draw.randint(10, 90) for name in weights}
    return weights, today, {name: (value - 1, value + (4 if name == "y" else 0)) for name, value in today.items()}


def sum_in_words(weights: dict[str, float]) -> str:
    """`3 x - 2 y`"""
    text = " ".join(f"{'-' if weight < 0 else '+'} {abs(weight):g} {name}" for name, weight in weights.items())
    return text.removeprefix("+ ")


def later(company: dict, growth: float, quote: float) -> dict:
    """The company in 24 months, with that growth a month and that quote."""
    factor = (1 + growth) ** 24
    return company | {
        "mar": {source: rows * factor for source, rows in company["mar"].items()},
        "stored_gb": company["stored_gb"] * factor,
        "quotes": company["quotes"] | {"fivetran_million": quote},
    }


def rank_correlation(numbers: list[float], other: list[float]) -> float:
    places = [np.argsort(np.argsort(values)) for values in (numbers, other)]
    return float(np.corrcoef(places[0], places[1])[0, 1])


def unknowns() -> list[tuple]:
    """Weights of two costs, a company, and the ranges of what is not known."""
    today = {"base": 1, "x": 10, "y": 10, "z": 10}
    steady, moving = {"base": 110, "z": 1}, {"base": 0, "x": 10, "y": 2, "z": 1}  # 120 against 130 today
    wide = {"x": (4, 40), "y": (0, 20), "z": (-1000, 1000)}
    product, limit = {"x*y": 1}, {"base": 115}  # 100 against 115 today
    edges = [
        (moving, steady, today, wide), (steady, moving, today, wide),           # the second, or the first, is today's
        (steady, moving, today, {"x": (5, 12), "y": (1, 19)}),                   # at the low end alone
        (steady, moving, today, {"x": (8.99, 9)}),                               # ten cents are a regret, too
        (moving, steady | {"base": 180}, today, {"x": (5, 17), "y": (0, 90)}),   # at the high end of the other
        (steady, moving, today, {"x": (7.8, 20), "y": (0, 1)}),                  # two regrets of one are not added up
        (steady, moving, today, {"x": (9, 40), "y": (5, 40)}),                   # None: there is just nothing to lose
        (steady, moving, today, {"x": (9.5, 400), "z": (-1000, 1000)}),          # None: only to win
        (steady, moving, today, {"x": (4, 7), "y": (-10, 19)}),                  # both ends cost, the low one more
        (product, limit, today, {"x": (5, 14), "y": (8, 13)}),                   # one unknown at a time
        (limit, product, today, {"x": (5, 14), "y": (8, 13)}),
        (product, limit, today, {"x": (5, 11), "y": (5, 11)}),                   # None: only both together
    ]
    return edges + [_unknown() for _ in range(8)]


def _unknown() -> tuple:
    """At random, without a tie today or in the answer."""
    while True:
        first, second = ({name: draw.randint(-5, 9) for name in ("base", "x", "y", "z")} for _ in range(2))
        today = {"base": draw.randint(1, 30)} | {name: draw.randint(1, 9) for name in "xyz"}
        ranges = {name: (today[name] - draw.randint(0, 9), today[name] + draw.randint(0, 9)) for name in "xyz"}
        regret = sorted(
            regrets(partial(callables.weighted, first), partial(callables.weighted, second), today, ranges).values()
        )
        if callables.weighted(first, today) != callables.weighted(second, today) and regret[-1] != regret[-2]:
            return first, second, today, ranges


def regrets(first: Callable, second: Callable, today: dict, ranges: dict) -> dict[str, float]:
    """By unknown, what today's choice can cost above the other option at one of its ends."""
    chosen, other = (first, second) if first(today) <= second(today) else (second, first)
    return {
        name: max(chosen(today | {name: end}) - other(today | {name: end}) for end in ends)
        for name, ends in ranges.items()
    }


def largest_regret(first: Callable, second: Callable, today: dict, ranges: dict) -> str | None:
    regret = regrets(first, second, today, ranges)
    most = max(regret, key=regret.__getitem__)
    return most if regret[most] > 1e-9 else None


def forecasts() -> list[tuple]:
    """What staying and moving cost month by month, the cost of moving, and the horizon."""
    return [
        ([300] * 12, [200] * 12, 300, 3),                                  # it pays at once
        ([300] * 12, [200] * 12, 301, 3),                                  # one dollar too much, always
        ([100] * 6, [100] * 6, 0, 2),                                      # nothing saved, nothing to pay
        ([100] * 9 + [300], [100] * 10, 150, 4),                           # in the last month that counts
        ([100] * 7 + [50, 50, 350], [100] * 10, 200, 3),                   # not in months whose horizon is cut short
        ([900] * 4, [100] * 4, 10, 5),                                     # the forecast is shorter than the horizon
        ([100, 400, 100, 100, 400, 400], [100] * 6, 500, 2),               # a good month before is not saved up
        ([500, 100, 100, 900], [100] * 4, 300, 1),                         # the first month that pays, not the best
    ]


def forecast(number: int) -> tuple:
    months, horizon = 36, draw.choice((6, 12))
    stay = [500 + draw.randint(10, 90) * month for month in range(months)]
    move = [draw.randint(1200, 2000)] * months
    saved = [
        sum(s - m for s, m in zip(stay[i : i + horizon], move[i:], strict=False)) for i in range(months - horizon + 1)
    ]
    cost = draw.choice((saved[10], saved[14] + 1, max(saved) + 1 if number % 3 == 0 else saved[9]))
    return stay, move, max(cost, 0), horizon


def nearly_equal(step: float) -> dict:
    """A company for which A costs a little more than C, both rounded to the same multiple of `step` dollars;
    both are allowed."""
    company = model.unseen(
        region=None,
        freshness=1440,
        stored_gb=20,
        needs_soc2=False,
        has_engineer=True,
        leave_within=24,
        rate_currency="USD",
    )
    company["hours"] = dict(company["hours"])
    total = model.totals(company)
    dollars = math.ceil(max(total["A"], total["C"]))
    for option, more in (("A", 0.4 * step), ("C", 0.1 * step)):
        company["hours"][option] += (dollars + more - total[option]) / company["rate"]
    return company


def needs_and_facts(count: int) -> Iterator[tuple[dict, dict]]:
    """Companies and facts: at each limit and beside it; the course's own and invented ones; every third company needs
    just what an option can do."""
    needs = {"region": "EU", "freshness": 15, "stored_gb": 100, "needs_soc2": True, "has_engineer": False,
             "leave_within": 1}
    just = {"regions": ["EU"], "freshest": 15, "largest_gb": 100, "soc2": True, "engineer": False, "notice_months": 1}
    yield model.unseen(**needs), {"A": just, "B": just | {"freshest": 16, "largest_gb": 99, "notice_months": 2},
                                  "C": just | {"regions": None, "soc2": None, "engineer": True}}
    easy = needs | {"region": None, "needs_soc2": False, "has_engineer": True}
    lacking = {"A": just | {"regions": []}, "B": just | {"soc2": False}}
    yield model.unseen(**easy), lacking | {"C": just | {"engineer": True}}
    yield model.unseen(**needs), lacking | {"C": just | {"regions": ["US"]}}
    yield (
        model.unseen(region="US"),
        {o: fact() | {"regions": r} for o, r in zip(OPTIONS, ([], ["US-GOV"], ["US"]), strict=True)},
    )
    yield model.unseen(), {option: fact() for option in ("C", "D", "leased")}  # any options, not these three
    company = model.unseen()
    for number in range(count):
        facts = FACTS if number % 2 else {option: fact() for option in OPTIONS}
        company = model.unseen(**({} if number % 3 else at_the_edge(facts)))
        yield company, facts
    yield and_a_namesake([company])[-1], FACTS


def fact() -> dict:
    return {
        "regions": draw.choice((None, ["US"], ["EU"], ["US", "EU"])),
        "freshest": draw.choice((1, 15, 60)),
        "largest_gb": draw.choice((100, 1000, 5000)),
        "soc2": draw.choice((True, False, None)),
        "engineer": draw.random() < 0.5,
        "notice_months": draw.choice((0, 1, 12)),
    }


def at_the_edge(facts: dict) -> dict:
    fact = facts[draw.choice(OPTIONS)]
    return {"freshness": fact["freshest"], "stored_gb": fact["largest_gb"], "leave_within": fact["notice_months"]}
