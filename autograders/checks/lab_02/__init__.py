"""What the test cells of Lab 2 call: one function a graded point.

Each asks the student's function about companies and prices drawn at random, and compares with the course's own
model (`lab_02.model`); the clauses of its docstring are asked about at their edges. Amounts may differ by a cent,
or, where they are huge, by a billionth.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from autograders.checks.lab_02 import callables, cases, model
from autograders.draws import draw, repeatable
from autograders.expect import CallResult, CheckedFunction, CheckFailed, short
from datasets.companies import FACTS, OPTIONS

TRIES = 12  # companies a check asks about
FAR = 1.15  # a recommendation that costs so much more than the best is a regret, whatever else is near
SHOWN_WHOLE = 1e12  # numbers from there on are shown by their power of ten
MIXED = "cost() gives a Decimal, which does not mix with a float: float(prices[id].cost(quantity)) makes it one"


class Question(CheckedFunction):
    """A failed check gives the call as code, too: the student runs it in the notebook and looks for themselves."""

    repeat = ""

    @property
    def case(self) -> str:
        return f"{self.when}: {self.repeat}"

    def _ended(self, arguments: tuple, when: str, within: float, *read: Callable) -> CallResult:
        name = getattr(self.function, "__name__", "your_answer")
        self.repeat = f"{name}({', '.join(map(cases.in_code, arguments))})"
        return super()._ended(arguments, when, within, *read)

    def fail(self, due: str, got: str = "") -> NoReturn:
        got = got or self.got
        mixed = "unsupported operand" in got and "decimal.Decimal" in got
        raise CheckFailed(self.call, got, due, MIXED if mixed else self.look, self.repeat) from None


# 1 The price list

@repeatable
def graduated(function) -> None:
    """At the edges of tiers, and between them."""
    asked = Question(
        function, look="each unit costs what its own tier says; the unit *at* `up_to` still lies in the tier"
    )
    for tiers in ([(1, 0.0), (None, 6.25)], [(10, 2.0), (None, 0.5)], [(None, 3.0)], cases.tiers(), cases.tiers()):
        edges = [end for end, _ in tiers if end] or [7]
        for quantity in (
            0,
            *edges,
            *(e + 1 for e in edges),
            0.5,
            edges[-1] * 3,
            round(draw.uniform(0, 2 * edges[-1]), 1),
        ):
            _ask_money(asked, cases.marginal(quantity, tiers), "the units of each tier at that tier's price",
                       quantity, tiers, when=f"with quantity {quantity:g}, tiers {cases.in_words(tiers)}")


@repeatable
def monthly_bill(function) -> None:
    """What is included, minimums, and years."""
    asked = Question(
        function, look="base + units beyond `included`, then the minimum, then a twelfth where a year is billed"
    )
    prices: list[dict] = [
        {
            "base": draw.randrange(0, 200, 20),
            "included": draw.randint(1, 20),
            "amount": draw.randint(1, 30),
            "minimum": draw.choice((0, 250, 400)),
            "billed": draw.choice(("monthly", "annual")),
        }
        for _ in range(TRIES)
    ]
    prices += [
        {"base": 0, "included": 3, "amount": 20, "minimum": 100, "billed": billed} for billed in ("monthly", "annual")
    ]
    for price in prices:
        for quantity in (0, 0.5, price["included"], price["included"] + 1, 8, 9, 60):
            usage = price["base"] + max(0, quantity - price["included"]) * price["amount"]
            due = max(usage, price["minimum"] if quantity else 0) / (12 if price["billed"] == "annual" else 1)
            _ask_money(
                asked,
                due,
                "what one month of it costs",
                price,
                quantity,
                when=f"for {quantity} units, {price['included']} included, minimum {price['minimum']}, "
                f"{price['billed']}",
            )


# 2 The model

@repeatable
def people(function) -> None:
    asked = Question(
        function, look="hours, plus hours for each connection in mar; rate_currency says what the rate is in"
    )
    changed: list[dict] = [{}, {}, {"mar": {"production": 900, "stripe": 0}}, {"mar": {}}, {}, {}]
    companies = [
        model.unseen(rate_currency=currency, **changes)
        for currency, changes in zip(("USD", "EUR") * 3, changed, strict=True)
    ]
    for company in cases.and_a_namesake(companies):
        for option in OPTIONS:
            _ask_money(asked, model.people(company, option), "all hours of that option, in US dollars",
                       company, option, when=f"for {_hours(company, option)}")


@repeatable
def fivetran(function) -> None:
    asked = Question(function, look="up to 500,000 rows in all are free; beyond, each connection is billed alone, "
                                    "at least $5 once it has any rows")
    free = ({"production": 0}, {}, {"production": 1, "crm": 499_000}, {"production": 400_000, "crm": 100_000})
    billed = (
        {"production": 400_000, "crm": 100_001},
        {"production": 600_000, "stripe": 0},
        {"production": 900_000, "crm": 1},
        {"production": 600_000, "crm": 600_000},
        {"crm": 499_999, "ads": 2, "email": 0},
        {"production": 90_000_000_000},
        *({"production": draw.randint(5, 50) * 10**5, "ads": draw.randint(1, 9999)} for _ in range(3)),
    )
    companies = [model.unseen(**({} if mar is None else {"mar": mar})) for mar in (*billed, *free, None, None, None)]
    for quote in (250, 625):  # where the minimum ends depends on the quote
        edge = 5_000_000 // quote
        company = model.unseen(mar={"production": 900_000, "crm": edge - 900, "ads": edge + 900})
        companies.append(company | {"quotes": company["quotes"] | {"fivetran_million": quote}})
    for company in cases.and_a_namesake(companies):
        _ask_money(
            asked,
            model.fivetran(company),
            "the sum over connections, each with its own minimum"
            if model.fivetran(company)
            else "0: at most 500,000 rows in all",
            company,
            when=f"for rows {company['mar']} at ${company['quotes']['fivetran_million']} a million",
        )


@repeatable
def snowflake(function) -> None:
    asked = Question(function, look="runs a month, 60 seconds at least for each; storage by the TB of 1,000 GB, apart")
    companies = [model.unseen(seconds=seconds) for seconds in (5, 59, 60, 61, 200, 30)]
    companies += [model.unseen(freshness=minutes) for minutes in (1, 1440, *cases.NO_WHOLE_RUNS_A_DAY)]
    companies += [model.unseen(stored_gb=gigabytes) for gigabytes in (0, 1500)]
    for company in cases.and_a_namesake(companies):
        _ask_money(asked, model.snowflake(company), "credits of all runs plus storage",
                   company, when=f"for {company['seconds']} s a run, every {company['freshness']} minutes, "
                             f"{company['stored_gb']} GB at ${company['quotes']['snowflake_tb']} a TB")


@repeatable
def cost_a(function, people) -> None:
    """People's cost is the student's own, judged by its own check."""
    asked = Question(
        function, look="a replica runs 730 hours and has storage of its own; the machine; people are money too"
    )
    for company in cases.and_a_namesake([model.unseen() for _ in range(TRIES)]):
        _expect_parts(asked, company, model.cost_a(company) | {"people": _theirs(people, company, "A")})


@repeatable
def cost_b(function, fivetran, snowflake, people) -> None:
    """What has checks of its own is taken as the student counts it."""
    asked = Question(
        function,
        look="seats times developers; models times runs beyond those included; Looker's quotes are for a "
        "year: the platform, and each user beyond 10",
    )
    companies = [
        model.unseen(freshness=freshness, users=users)
        for freshness, users in zip(
            (1440, 60, 15) * 3, (10, 11, 3, 45, 9, *(draw.randint(12, 45) for _ in range(4))), strict=True
        )
    ]
    for company in companies[::3]:
        company["models"] = draw.randint(600, 900)  # so many that company run a day builds more than are included
    companies += [
        model.unseen(freshness=minutes, models=1200, developers=draw.randint(6, 20))
        for minutes in cases.NO_WHOLE_RUNS_A_DAY
    ]
    for company in cases.and_a_namesake(companies):
        own = {
            "ingestion": _theirs(fivetran, company),
            "warehouse": _theirs(snowflake, company),
            "people": _theirs(people, company, "B"),
        }
        _expect_parts(asked, company, model.cost_b(company) | own)


# 3 The explorer

@repeatable
def break_even(function) -> None:
    """Crossings early and late, between whole numbers, close to each other; steps; ties; none."""
    asked = Question(function, look="the *last* crossing: from there on to `high` the second never costs more again")
    for first, second, low, high, due, story in cases.crossings():
        got = asked(first, second, low, high, when=f"with low {low}, high {high} and {story}")
        if due is None:
            asked.expect(got is None, "None: at `high` the second costs more")
        else:
            asked.expect(_is_number(got), "a number")
            asked.expect(
                abs(float(got) - due) <= 0.01 * due + 1e-9,
                "the x from which on the second never costs more, within 1 % of x",
            )


@repeatable
def matters_most(function) -> None:
    """Ranges on both sides of today, on one, and beside it; costs that fall; inputs that multiply each other."""
    asked = Question(
        function, look="cost at the high end minus cost at the low end, without its sign, one input at a time"
    )
    for weights, today, ranges in (*cases.swings(), *(cases.swing(number) for number in range(TRIES))):
        cost = partial(callables.weighted, weights)
        swing = {
            name: abs(cost(today | {name: high}) - cost(today | {name: low})) for name, (low, high) in ranges.items()
        }
        got = asked(cost, today, ranges, when=f"for cost = {cases.sum_in_words(weights)}")
        asked.expect(got == max(swing, key=swing.__getitem__), "the input whose two ends differ most in cost")


# 4 Uncertainty

@repeatable
def in_two_years(function) -> None:
    """Where nothing is left to chance the cost is exact; where something is, its quantiles lie where they must."""
    asked = Question(function, look="each draw has a growth of its own, applied 24 times, and a quote of its own")

    def drawn(cost: Callable, growth: tuple, quote: tuple, draws: int, seed: int, when: str) -> list[float]:
        got = asked.items(company, cost, growth, quote, draws, seed, when=when)
        asked.expect(
            len(got) == draws and all(map(_is_number, got)), f"{draws} numbers", got=f"returned {len(got)} values"
        )
        return [float(value) for value in got]

    for growth, quote in ((0.05, 300), (0.0, 500), (0.02, 700)):
        company = model.unseen()
        due = callables.stored(cases.later(company, growth, quote))
        got = drawn(callables.stored, (growth, growth), (quote, quote), 3, draw.randrange(10**6),
                    f"with growth {growth} for certain, 3 draws, cost = stored_gb, today {company['stored_gb']}")
        asked.expect(
            all(_close(value, due) for value in got), "24 months' growth of it, each on top of the one before"
        )
        due = callables.bill_of_all(cases.later(company, growth, quote))
        got = drawn(callables.bill_of_all, (growth, growth), (quote, quote), 3, draw.randrange(10**6),
                    f"with growth {growth} for certain, a quote of {quote} for certain, 3 draws")
        asked.expect(
            all(_close(value, due) for value in got),
            "the cost of 24 months' growth of rows and data, other quotes kept",
        )
    for low, high, cheap, dear in ((0.01, 0.06, 200, 800), (0.0, 0.1, 300, 302)):
        company, seed = model.unseen(), draw.randrange(10**6)
        growths = drawn(
            callables.stored,
            (low, high),
            (cheap, dear),
            400,
            seed,
            f"with growth from {low} to {high} a month, cost = stored_gb",
        )
        _expect_spread(
            asked,
            growths,
            lambda share, company=company, low=low, high=high: (
                company["stored_gb"] * (1 + low + share * (high - low)) ** 24
            ),
        )
        quotes = drawn(callables.quote, (low, high), (cheap, dear), 400, seed,
                       f"with a quote from {cheap} to {dear}, cost = the quote")
        _expect_spread(asked, quotes, lambda share, cheap=cheap, dear=dear: cheap + share * (dear - cheap))
        asked.expect(abs(cases.rank_correlation(growths, quotes)) < 0.3, "growth and quote drawn apart from each other",
                     got="gave the high quotes to the draws of high growth, or to those of low growth")
        company = model.unseen(mar={"production": 4, "crm": 3}, stored_gb=2)  # so few that to round them shows
        shares = drawn(callables.rows_per_gigabyte, (low, high), (cheap, dear), 20, seed,
                       "with cost = rows per GB stored, today 3.5")
        asked.expect(
            all(_close(share, callables.rows_per_gigabyte(company)) for share in shares),
            "one growth a draw, for rows and data alike, and nothing rounded",
        )
    for seed in (7, 0):
        again = [
            drawn(callables.quote, (0, 0.1), (200, 800), 20, number, f"with seeds {seed}, {seed} and {seed + 1}")
            for number in (seed, seed, seed + 1)
        ]
        asked.expect(again[0] == again[1], "the same seed to give the same list")
        asked.expect(again[1] != again[2], "another seed to give another list")


@repeatable
def worth_knowing(function) -> None:
    """Either option may be today's, either end may be the costly company; what moves both options alike is not worth
    knowing."""
    asked = Question(
        function,
        look="choose by today's values, then go to each end: how much more does your choice cost than the other?",
    )
    for first, second, today, ranges in cases.unknowns():
        costs = [partial(callables.weighted, weights) for weights in (first, second)]
        due = cases.largest_regret(costs[0], costs[1], today, ranges)
        got = asked(*costs, today, ranges, when=f"for first = {cases.sum_in_words(first)}, second = "
                    f"{cases.sum_in_words(second)}")
        asked.expect(
            got == due if due else got is None,
            "the unknown whose ends can make today's choice cost most" if due else "None: no end changes the choice",
        )


# 5 Constraints

@repeatable
def ruled_out(function) -> None:
    """Each need against each fact, at the limit and beside it."""
    asked = Question(function, look="compare one need with one fact at a time; the limit itself is still allowed")
    for company, facts in cases.needs_and_facts(3 * TRIES):
        due = model.excluded(company, facts)
        got = asked(company, facts, when=f"for {_needs(company)}")
        asked.expect(isinstance(got, dict) and set(got) == set(facts), f"a dict with the keys {', '.join(facts)}")
        for option, reasons in due.items():
            asked.expect(
                _is_set_of(got[option], reasons),
                f"for {option}, with {facts[option]}, the reasons that hold and no others",
                got=f"gave {got[option]!r} for {option}",
            )


# 6 A recommendation

@repeatable
def recommend(function) -> None:
    """By regret and by constraints kept."""
    asked = Question(function, look="first leave out what is ruled out, then look for the cheapest of the rest")
    for company in cases.and_a_namesake([model.unseen() for _ in range(2 * TRIES)]):
        costs, reasons = model.totals(company), {o: sorted(r) for o, r in model.excluded(company).items()}
        got = _recommended(asked, company, costs, reasons)
        allowed = {option: costs[option] for option in OPTIONS if not reasons[option]}
        asked.expect(bool(got) == bool(allowed), "an option where company is allowed, an empty list where none is")
        asked.expect(set(got) <= set(allowed), "no option that is ruled out")
        asked.expect(
            all(costs[o] <= FAR * min(allowed.values()) for o in got),
            "no option that costs over 15 % more than the best",
        )


@repeatable
def recommend_near_ties(function) -> None:
    """Ten per cent above the cheapest is near, a little more is not, whatever the amounts."""
    asked = Question(
        function, look="name every allowed option that costs at most 10 % more than the cheapest, cheapest first"
    )
    for base in (1.25, *(draw.randint(90, 900) * 10 for _ in range(TRIES))):
        for ratios in (
            (0.99, 2),
            (1.01, 2),
            (1.05, 1.09),
            (1.06, 1.12),
            (1.1, 1.3),
            (1.099, 1.101),
            (1.101, 1.15),
            (1.5, 2),
        ):
            costs = dict(
                zip(
                    draw.sample(OPTIONS, 3),
                    (base, *(base * round(1000 * ratio) / 1000 for ratio in ratios)),
                    strict=True,
                )
            )
            _expect_near_ties(asked, costs, {option: [] for option in OPTIONS})
        for below, above in ((0.6, 1.08), (0.95, 1.06), (0.95, 1.12)):  # the cheapest of all is ruled out
            out, cheapest, other = draw.sample(OPTIONS, 3)
            costs = {out: base * below, cheapest: base, other: base * above}
            _expect_near_ties(asked, costs, {o: ["size"] if o == out else [] for o in OPTIONS})
    free, *dear = draw.sample(OPTIONS, 3)
    costs = {free: 0.0, **{option: draw.uniform(1, 900) for option in dear}}
    _expect_near_ties(asked, costs, {option: [] for option in OPTIONS})
    others = {"B": 1000.0, "D": 1050.0, "leased": 900.0, "E": 1200.0}  # any options, not these three
    _expect_near_ties(asked, others, {"B": [], "D": [], "leased": ["size"], "E": []})
    for ratio in (1.05, 2):  # two cost the same
        costs = dict(zip(draw.sample(OPTIONS, 3), (1000.0, 1000.0, 1000.0 * ratio), strict=True))
        _expect_near_ties(asked, costs, {option: [] for option in OPTIONS})
    _expect_near_ties(asked, {"A": 500, "B": 550, "C": 551}, {option: [] for option in OPTIONS})
    costs = {"A": 500, "B": 500.25, "C": 400}
    for allowed in ("", "A", "AB"):
        reasons = {option: [] if option in allowed else ["size", "soc2"] for option in OPTIONS}
        _expect_near_ties(asked, costs, reasons)


def _expect_near_ties(asked: CheckedFunction, costs: dict, reasons: dict) -> None:
    got = _recommended(asked, model.unseen(), costs, reasons)
    allowed = sorted((option for option in costs if not reasons[option]), key=costs.__getitem__)
    near = [option for option in allowed if 10 * costs[option] <= 11 * costs[allowed[0]] + 1e-6]
    asked.expect(
        sorted(got, key=str) == sorted(near) and [costs[o] for o in got] == [costs[o] for o in near],
        "every allowed option up to 10 % above the cheapest allowed company, and no other, cheapest first",
    )


# 7 When to move

@repeatable
def move_when(function) -> None:
    """The first and the last month that can count, savings that just pay, and those that never do."""
    asked = Question(
        function, look="for each month, what the `horizon` months from it on save; is that the cost of moving or more?"
    )
    for stay, move, cost, horizon in (*cases.forecasts(), *(cases.forecast(number) for number in range(TRIES))):
        saved = [sum(stay[i:i + horizon]) - sum(move[i:i + horizon]) for i in range(len(stay) - horizon + 1)]
        due = next((month for month, sum_ in enumerate(saved) if sum_ >= cost), None)
        got = asked(list(stay), list(move), cost, horizon, when=f"with moving_cost {cost}, horizon {horizon}")
        asked.expect(
            got is None if due is None else (_is_number(got) and got == due),
            "None: moving never pays within the horizon"
            if due is None
            else "the first month, from 0, in which moving pays",
        )


# 8 The decision

@repeatable
def decision(function, cost_a, cost_b, cost_c, ruled_out) -> None:
    """The record's numbers are those of the student's own model."""
    asked = Question(
        function, look="take the totals from your own cost functions, and the option from those not ruled out"
    )
    companies = [
        *(model.unseen() for _ in range(TRIES)),
        *(cases.nearly_equal(step) for step in (1, 1, 0.01)),
        model.unseen(region="EU", has_engineer=False),  # nothing is allowed
    ]
    for company in cases.and_a_namesake(companies):
        own = {
            o: sum(map(float, _theirs(f, company, read=dict).values()))
            for o, f in zip(OPTIONS, (cost_a, cost_b, cost_c), strict=True)
        }
        out = {o: set(r) for o, r in _theirs(ruled_out, company, FACTS, read=dict).items()}
        got = asked(company, when=f"for {_brief(company)}{_story(own, out)}")
        asked.expect(isinstance(got, dict) and {"option", "monthly", "rejected"} <= set(got),
                     "a dict with option, monthly and rejected")
        _expect_decision(asked, got, own, out)


# What they share

def _ask_money(asked: CheckedFunction, due: float, what: str, *arguments, when: str) -> None:
    asked.expect(_close(asked.number(*arguments, when=when), due), what)


def _close(got, due: float) -> bool:
    return math.isclose(float(got), float(due), rel_tol=1e-9, abs_tol=0.01)


def _is_number(value) -> bool:
    try:
        return not isinstance(value, (bool, str)) and math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def _theirs(function: Callable, *arguments, read=float):
    """What another answer of the student's returns, which is not judged here."""
    asked = Question(function, look="this answer builds on that one: write it first")
    value = asked(*arguments, when="which this answer builds on")
    asked.expect(
        _is_number(value) if read is float else isinstance(value, dict), "a number" if read is float else "a dict"
    )
    return read(value)


def _expect_parts(asked: CheckedFunction, company: dict, due: dict) -> None:
    got = asked(company, when=f"for {_brief(company)}")
    asked.expect(isinstance(got, dict) and set(got) == set(due), f"a dict with the keys {', '.join(due)}")
    for part, amount in due.items():
        asked.expect(
            _is_number(got[part]) and _close(got[part], amount),
            f"{part} as the docstring says, in dollars a month",
            got=f"gave {short(got[part])} for {part}",
        )


def _brief(company: dict) -> str:
    return (
        f"{company['name']} with {len(company['mar'])} connections, {company['stored_gb']} GB, "
        f"{company['developers']} developers, "
        f"{company['models']} models every {company['freshness']} minutes, {company['users']} users, "
        f"Looker at ${company['quotes']['looker_platform']} and ${company['quotes']['looker_user']} a year"
    )


def _hours(company: dict, option: str) -> str:
    """All that people's cost depends on."""
    rate = f"{company['rate']} {company['rate_currency']} an hour"
    euros = f" at ${company['usd_per_eur']}" if company["rate_currency"] == "EUR" else ""
    return (
        f"option {option}: {company['hours'][option]} hours, "
        f"{company['hours_per_source'][option]} more for each connection, "
        f"rows {company['mar']}, {rate}{euros}"
    )


def _needs(company: dict) -> str:
    return ", ".join(
        f"{key} {company[key]}"
        for key in ("region", "freshness", "stored_gb", "needs_soc2", "has_engineer", "leave_within")
    )


def _expect_spread(asked: CheckedFunction, got: list[float], quantile: Callable[[float], float]) -> None:
    """Of 400 draws, the share below a quantile stays within four standard deviations of what it must be."""
    for share, slack in ((0.1, 0.06), (0.5, 0.1), (0.9, 0.06)):
        low, high = quantile(share - slack), quantile(share + slack)
        value = sorted(got)[int(share * len(got))]
        asked.expect(
            low <= value <= high,
            f"{share:.0%} of the draws below a value from {_whole(low)} to {_whole(high)}",
            got=f"has {share:.0%} of its draws below {_whole(value)}",
        )


def _whole(number: float) -> str:
    return f"{number:,.{0 if abs(number) >= 1000 else 1}f}" if abs(number) < SHOWN_WHOLE else f"{number:.3g}"


def _is_set_of(got, due: set) -> bool:
    return isinstance(got, (list, tuple, set, frozenset)) and set(got) == due and len(got) == len(due)


def _recommended(asked: CheckedFunction, company: dict, costs: dict, reasons: dict) -> list:
    places = 0 if min(costs.values()) >= 100 else 4
    priced = ", ".join(f"{o} {costs[o]:,.{places}f}{' ruled out' if reasons[o] else ''}" for o in costs)
    got = asked.items(
        company, partial(callables.always, costs), partial(callables.always, reasons), when=f"where {priced}"
    )
    asked.expect(
        len(set(map(str, got))) == len(got) and set(map(str, got)) <= set(costs), "a list of options, each once"
    )
    return got


def _story(own: dict, out: dict) -> str:
    """What is special in a decision between options of these costs, and with these reasons against them."""
    allowed = sorted(own[option] for option in own if not out[option])
    if not allowed:
        return ", where nothing is allowed"
    near = len(allowed) > 1 and allowed[1] - allowed[0] < 1
    return ", where the cheapest two differ by cents" if near else ""


def _expect_decision(asked: CheckedFunction, got: dict, own: dict, out: dict) -> None:
    monthly, rejected = got["monthly"], got["rejected"]
    asked.expect(isinstance(monthly, dict) and set(monthly) == set(own), "monthly to hold all three options")
    asked.expect(all(_is_number(monthly[o]) and abs(float(monthly[o]) - own[o]) <= 1 for o in own),
                 "monthly totals within a dollar of your own model", got=f"gave {short(monthly)}")
    asked.expect(
        isinstance(rejected, dict) and {o: set(r) for o, r in rejected.items()} == {o: r for o, r in out.items() if r},
        "the options your own ruled_out rules out, each with its reasons",
        got=f"gave {rejected!r} as rejected",
    )
    allowed = [o for o in own if not out[o]]
    asked.expect(
        got["option"] in allowed if allowed else got["option"] is None,
        "an option that is allowed, None where there is none",
    )
    asked.expect(
        not allowed or own[got["option"]] <= min(own[o] for o in allowed) + 1e-6,
        "the cheapest of those allowed, by costs that are not rounded",
    )
