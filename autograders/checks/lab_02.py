"""What the test cells of Lab 2 call: one function a graded point.

Each asks the student's function about companies and prices drawn at random, and compares with the course's own
model (`autograders.options`). Amounts may differ by a cent, or by a millionth.
"""

import math
import random
from collections.abc import Callable
from functools import partial
from itertools import product

from autograders import cases, given, options
from autograders.expect import Asked
from datasets.companies import FACTS, OPTIONS

TRIES = 12  # companies a check asks about
NEAR, FAR = 1.05, 1.15  # within 5 % an option must be named beside the cheapest, beyond 15 % it must not


# 1 The price list

def graduated(function) -> None:
    """At the edges of tiers, and between them."""
    asked = Asked(function, look="each unit costs what its own tier says; the unit *at* `up_to` still lies in the tier")
    for tiers in ([(1, 0.0), (None, 6.25)], cases.tiers(), cases.tiers()):
        edges = [end for end, _ in tiers if end]
        for quantity in (0, *edges, *(e + 1 for e in edges), edges[-1] * 3, random.uniform(0, 2 * edges[-1])):
            got = asked.number(quantity, list(tiers), when=f"with quantity {quantity:g}, tiers {cases.in_words(tiers)}")
            _expect_money(asked, got, cases.marginal(quantity, tiers), "the units of each tier at that tier's price")


def monthly_bill(function) -> None:
    """What is included, minimums, and years."""
    asked = Asked(function, look="base + units beyond `included`, then the minimum, then a twelfth where a year is billed")
    for _ in range(TRIES):
        price = {"base": random.randrange(0, 200, 20), "included": random.randint(1, 20), "amount": random.randint(1, 30),
                 "minimum": random.choice((0, 250, 400)), "billed": random.choice(("monthly", "annual"))}
        for quantity in (0, price["included"], price["included"] + 1, 60):
            got = asked.number(dict(price), quantity, when=f"for {quantity} units of {price}")
            usage = price["base"] + max(0, quantity - price["included"]) * price["amount"]
            due = max(usage, price["minimum"] if quantity else 0) / (12 if price["billed"] == "annual" else 1)
            _expect_money(asked, got, due, "what one month of it costs")


# 2 The model

def people(function) -> None:
    asked = Asked(function, look="hours, plus hours for each connection in mar; rate_currency says what the rate is in")
    for currency in ("USD", "EUR") * 3:
        one = options.unseen(rate_currency=currency)
        for option in OPTIONS:
            got = asked.number(one, option, when=f"for {_brief(one)}, option {option}, paid in {currency}")
            _expect_money(asked, got, options.people(one, option), "all hours of that option, in US dollars")


def fivetran(function) -> None:
    asked = Asked(function, look="each connection is billed alone: its rows, at least $5 once it has any")
    for mar in ({"production": 900, "stripe": 0}, {"production": 10_000, "crm": 1}, None, None, None, None):
        one = options.unseen(**({"mar": mar} if mar else {}))
        got = asked.number(one, when=f"for rows {one['mar']} at ${one['quotes']['fivetran_million']} a million")
        _expect_money(asked, got, options.fivetran(one), "the sum over connections, each with its own minimum")


def snowflake(function) -> None:
    asked = Asked(function, look="runs a month, 60 seconds at least for each; storage by the TB of 1,000 GB, apart")
    for seconds in (5, 59, 60, 61, 200, 30):
        one = options.unseen(seconds=seconds)
        got = asked.number(one, when=f"for {_brief(one)}, {seconds} s a run, every {one['freshness']} minutes")
        _expect_money(asked, got, options.snowflake(one), "credits of all runs plus storage")


def cost_a(function, people) -> None:
    """People's cost is the student's own, judged by its own check."""
    asked = Asked(function, look="a replica runs 730 hours and has storage of its own; the machine; people are money too")
    for _ in range(TRIES):
        one = options.unseen()
        _expect_parts(asked, function, one, options.cost_a(one) | {"people": _theirs(people, one, "A")})


def cost_b(function, fivetran, snowflake, people) -> None:
    """What has checks of its own is taken as the student counts it."""
    asked = Asked(function, look="seats times developers; models times runs beyond those included; Looker's quote is a year's")
    for freshness in (1440, 60, 15) * 3:
        one = options.unseen(freshness=freshness)
        own = {"ingestion": _theirs(fivetran, one), "warehouse": _theirs(snowflake, one), "people": _theirs(people, one, "B")}
        _expect_parts(asked, function, one, options.cost_b(one) | own)


# 3 The explorer

def break_even(function) -> None:
    asked = Asked(function, look="the *last* crossing: from there on to `high` the second never costs more again")
    for first, second, due, story in cases.crossings():
        got = asked(first, second, 1, 1000, when=story)
        if due is None:
            asked.expect(got is None, "None: up to `high` the second does not stay the cheaper")
        else:
            asked.expect(_is_number(got), "a number")
            asked.expect(abs(float(got) - due) <= 0.01 * due + 1e-9, "the point from which the second stays no dearer, within 1 %")


def matters_most(function) -> None:
    asked = Asked(function, look="cost at the high end minus cost at the low end, without its sign, one input at a time")
    for number in range(TRIES):
        weights = dict(zip("tuvwx", random.sample((-9, -4, 2, 6, 15), 5))) | {"y": (-9, 2, -5, 15)[number % 4]}
        one = {name: random.uniform(1, 9) for name in weights}
        ranges = {name: (value, value + (5 if name == "y" else 1)) for name, value in one.items()}
        swing = {name: abs(weights[name] * (high - low)) for name, (low, high) in ranges.items()}
        company = dict(one)
        got = asked(partial(given.weighted, weights), company, ranges, when=f"for weights {weights} and ranges of widths "
                    f"{[high - low for low, high in ranges.values()]}")
        asked.expect(got == max(swing, key=swing.get), "the input that moves the cost most")
        asked.expect(company == one, "the company it was given to stay as it was", got="changed its argument")


# 4 Uncertainty

def in_two_years(function) -> None:
    """Its quantiles lie where those of very many draws do."""
    asked = Asked(function, look="each draw has a growth of its own, applied 24 times, and a quote of its own")
    for low, high in ((0.01, 0.06), (0.0, 0.1)):
        one, quote = options.unseen(), (200, 800)
        got = asked.items(one, given.rows_times_quote, (low, high), quote, 400, random.randrange(10**6),
                          when=f"with growth from {low} to {high} a month, 400 draws")
        asked.expect(len(got) == 400 and all(map(_is_number, got)), "400 numbers", got=f"returned {len(got)} values")
        _expect_spread(asked, sorted(map(float, got)), cases.many(one, (low, high), quote))
    again = [asked.items(one, given.rows_times_quote, (0, 0.1), quote, 20, 7, when="twice with seed 7") for _ in range(2)]
    asked.expect(again[0] == again[1], "the same seed to give the same list")


def worth_knowing(function) -> None:
    asked = Asked(function, look="choose by today's values, then go to each end: how much dearer is your choice than the other?")
    for price, volume, base in product((14, 40), (13, 30), (random.randint(110, 128), random.randint(141, 150))):
        one = {"price": 10.0, "volume": 10.0, "hours": 10.0}
        ranges = {"price": (5, price), "volume": (5, volume), "hours": (-10_000, 10_000)}
        fixed = partial(given.plus_hours, base)
        due = cases.largest_regret(given.product, fixed, one, ranges)
        got = asked(given.product, fixed, dict(one), ranges, when=f"for price x volume against {base} + hours on both sides, {ranges}")
        asked.expect(got == due if due else got is None,
                     "the unknown whose ends can make today's choice cost most" if due else "None: no end changes the choice")


# 5 Constraints

def ruled_out(function) -> None:
    asked = Asked(function, look="compare one need with one fact at a time; the limit itself is still allowed")
    for number in range(3 * TRIES):
        facts = FACTS if number % 2 else {option: cases.fact() for option in OPTIONS}
        one = options.unseen(**({} if number % 3 else cases.at_the_edge(facts)))
        got = asked(one, facts, when=f"for {_needs(one)}")
        asked.expect(isinstance(got, dict) and set(got) == set(facts), f"a dict with the keys {', '.join(facts)}")
        for option, due in options.excluded(one, facts).items():
            asked.expect(_is_set_of(got[option], due), f"for {option}, with {facts[option]}, the reasons that hold and no others",
                         got=f"gave {got[option]!r} for {option}")


# 6 A recommendation

def recommend(function) -> None:
    """By regret and by constraints kept."""
    asked = Asked(function, look="first leave out what is ruled out, then look for the cheapest of the rest")
    for _ in range(2 * TRIES):
        one = options.unseen()
        costs, reasons = options.totals(one), {o: sorted(r) for o, r in options.excluded(one).items()}
        got = _recommended(asked, function, one, costs, reasons)
        allowed = {option: costs[option] for option in OPTIONS if not reasons[option]}
        asked.expect(bool(got) == bool(allowed), "an option where one is allowed, an empty list where none is")
        asked.expect(set(got) <= set(allowed), "no option that is ruled out")
        asked.expect(all(costs[o] <= FAR * min(allowed.values()) for o in got), "no option over 15 % dearer than the best")


def recommend_near_ties(function) -> None:
    """A change of one per cent does not turn the answer around."""
    asked = Asked(function, look="name every allowed option within 10 % of the cheapest, cheapest first")
    free: dict = {option: [] for option in OPTIONS}
    for _ in range(TRIES):
        one, base = options.unseen(), random.randint(900, 9000)
        first, second, third = random.sample(OPTIONS, 3)
        for ratio in (0.99, 1.01):
            costs = {first: base, second: base * ratio, third: base * 2}
            got = _recommended(asked, function, one, costs, free)
            asked.expect(set(got) == {first, second}, "the two options one per cent apart, and not the one twice as dear")
            asked.expect(costs[got[0]] == min(costs.values()), "the cheapest first")


# 7 When to move

def move_when(function) -> None:
    asked = Asked(function, look="for each month, what the `horizon` months from it on save; is that the cost of moving or more?")
    for number in range(TRIES):
        months, horizon = 36, random.choice((6, 12))
        stay = [500 + random.randint(10, 90) * month for month in range(months)]
        move = [random.randint(1200, 2000)] * months
        saved = [sum(s - m for s, m in zip(stay[i:i + horizon], move[i:])) for i in range(months - horizon + 1)]
        cost = random.choice((saved[10], saved[14] + 1, max(saved) + 1 if number % 3 == 0 else saved[9]))
        cost = max(cost, 0)
        due = next((month for month, sum_ in enumerate(saved) if sum_ >= cost), None)
        got = asked(list(stay), list(move), cost, horizon, when=f"with {stay[:3]}... against {move[0]}, moving at {cost}, horizon {horizon}")
        asked.expect(got is None if due is None else (_is_number(got) and got == due),
                     "None: moving never pays within the horizon" if due is None else "the first month, from 0, in which moving pays")


# 8 The decision

def decision(function, cost_a, cost_b, cost_c, ruled_out) -> None:
    """The record's numbers are those of the student's own model."""
    asked = Asked(function, look="take the totals from your own cost functions, and the option from those not ruled out")
    for _ in range(TRIES):
        one = options.unseen()
        got = asked(one, when=f"for {_brief(one)}")
        asked.expect(isinstance(got, dict) and {"option", "monthly", "rejected"} <= set(got),
                     "a dict with option, monthly and rejected")
        own = {o: sum(map(float, _theirs(f, one, read=dict).values())) for o, f in zip(OPTIONS, (cost_a, cost_b, cost_c))}
        out = {o: set(r) for o, r in _theirs(ruled_out, one, FACTS, read=dict).items()}
        _expect_decision(asked, got, own, out)


# What they share

def _expect_money(asked: Asked, got: float, due: float, what: str) -> None:
    asked.expect(_close(got, due), what)


def _close(got, due: float) -> bool:
    return math.isclose(float(got), float(due), rel_tol=1e-6, abs_tol=0.01)


def _is_number(value) -> bool:
    try:
        return not isinstance(value, (bool, str)) and math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def _theirs(function: Callable, *arguments, read=float):
    """What another answer of the student's returns, which is not judged here."""
    asked = Asked(function, look="this answer builds on that one: write it first")
    value = asked(*arguments, when="which this answer builds on")
    asked.expect(_is_number(value) if read is float else isinstance(value, dict), "a number" if read is float else "a dict")
    return read(value)


def _expect_parts(asked: Asked, function: Callable, one: dict, due: dict) -> None:
    got = asked(one, when=f"for {_brief(one)}")
    asked.expect(isinstance(got, dict) and set(got) == set(due), f"a dict with the keys {', '.join(due)}")
    for part, amount in due.items():
        asked.expect(_is_number(got[part]) and _close(got[part], amount), f"{part} as the docstring says, in dollars a month",
                     got=f"gave {got[part]!r} for {part}")


def _brief(one: dict) -> str:
    return f"{one['name']} with {len(one['mar'])} connections, {one['stored_gb']} GB, {one['developers']} developers, " \
           f"{one['models']} models every {one['freshness']} minutes"


def _needs(one: dict) -> str:
    return ", ".join(f"{key} {one[key]}" for key in ("region", "freshness", "stored_gb", "needs_soc2", "has_engineer", "leave_within"))


def _expect_spread(asked: Asked, got: list[float], many: list[float]) -> None:
    for share, slack in ((0.1, 0.08), (0.5, 0.12), (0.9, 0.08)):
        low, high = (many[int((share + s) * len(many))] for s in (-slack, slack))
        value = got[int(share * len(got))]
        asked.expect(low <= value <= high, f"{share:.0%} of the draws below a value from {low:,.0f} to {high:,.0f}",
                     got=f"has {share:.0%} of its draws below {value:,.0f}")


def _is_set_of(got, due: set) -> bool:
    return isinstance(got, (list, tuple, set, frozenset)) and set(got) == due and len(got) == len(due)


def _recommended(asked: Asked, function: Callable, one: dict, costs: dict, reasons: dict) -> list:
    priced = ", ".join(f"{o} {costs[o]:,.0f}{' ruled out' if reasons[o] else ''}" for o in OPTIONS)
    got = asked.items(one, partial(given.always, costs), partial(given.always, reasons), when=f"where {priced}")
    asked.expect(len(set(map(str, got))) == len(got) and set(map(str, got)) <= set(OPTIONS), "a list of options, each once")
    return got


def _expect_decision(asked: Asked, got: dict, own: dict, out: dict) -> None:
    monthly, rejected = got["monthly"], got["rejected"]
    asked.expect(isinstance(monthly, dict) and set(monthly) == set(own), "monthly to hold all three options")
    asked.expect(all(_is_number(monthly[o]) and abs(float(monthly[o]) - own[o]) <= 1 for o in own),
                 "monthly totals within a dollar of your own model", got=f"gave {monthly}")
    asked.expect(isinstance(rejected, dict) and {o: set(r) for o, r in rejected.items()} == {o: r for o, r in out.items() if r},
                 "the options your own ruled_out rules out, each with its reasons", got=f"gave {rejected!r} as rejected")
    allowed = [o for o in own if not out[o]]
    asked.expect(got["option"] in allowed if allowed else got["option"] is None, "an option that is allowed, None where there is none")
    asked.expect(not allowed or own[got["option"]] <= FAR * min(own[o] for o in allowed), "no option over 15 % dearer than the best")
