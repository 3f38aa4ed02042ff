"""Checks of Lab 5, part 4: marts.

Each mart is tried on stories: a few rows of its inputs, told in one sentence, and the rows that they make of the mart.
The stories of a mart share no key, so that one run of dbt has them all, and each check looks at its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from autograders.checks.lab_05.worlds import built, held_practice, rows_of, tell, text_of
from autograders.draws import repeatable
from autograders.expect import CheckedFunction
from environments.workspace import Workspace

__all__ = ["a_return_is_neither_new_nor_churn_twice", "annual_plans_are_a_twelfth", "disputes_and_fees_count",
           "equal_rows_are_counted", "every_change_has_its_name", "every_household_once", "funnel_steps_in_order",
           "funnel_within_28_days", "months_of_revenue_are_the_companys", "months_end_on_the_companys_clock",
           "movements_add_up", "nothing_is_multiplied", "only_paid_periods_count", "refunds_by_their_own_date",
           "the_last_moment_decides"]

COMPANY = ZoneInfo("America/New_York")
LAST_MONTH = date(2026, 6, 1)  # it ends with the last load
Tables = dict[str, list[tuple]]


@dataclass(frozen=True)
class Story:
    """What happened, the check that tells it, the rows of the inputs, and the rows due of the mart."""

    check: str
    told: str
    given: Tables
    due: list[tuple]
    keys: frozenset  # of the rows of the mart that are about it


@dataclass(frozen=True)
class Mart:
    """A model that a student writes: its columns as they are read, its inputs, and what it is tried on."""

    name: str
    columns: str
    inputs: dict[str, str]  # each one's columns and their types
    stories: Callable[[Random], Iterator[Story]]
    key: Callable[[tuple], object] = lambda row: row[0]
    beside: str = ""  # models of the project that run too


def _told(asked: CheckedFunction, mart: Mart, check: str, columns: int | None = None,
          counts: Callable[[tuple], bool] = lambda row: True) -> None:
    """The stories of a check. Fails at the first one that the mart has other rows for, in its first columns; `counts`
    tells which rows it looks at, where others are for another check."""
    text = text_of(asked)
    stories = list(mart.stories(Random(f"{mart.name} {Workspace.here().seed}")))
    found = _built(asked, mart, text, stories)
    known = frozenset().union(*(story.keys for story in stories))
    strange = [row for row in found if mart.key(row) not in known]
    asked.expect(not strange, "rows of what the inputs have, and no others", got=f"made {strange[:2]}")
    for story in stories:
        if story.check == check:
            mine = (row for row in found if mart.key(row) in story.keys and counts(row))
            rows = sorted((row[:columns] for row in mine), key=repr)
            due = sorted((row[:columns] for row in story.due), key=repr)
            tell(asked, mart.name, story.told)
            asked.expect(rows == due, _shown(due), got=f"has {_shown(rows)}")


_last: dict[str, tuple] = {}  # of each mart the text that was built last, and its rows: dbt takes seconds


def _built(asked: CheckedFunction, mart: Mart, text: str, stories: list[Story]) -> list[tuple]:
    """The rows of the mart, after dbt ran it on all stories."""
    tried = (text, Workspace.here().seed)
    if _last.get(mart.name, (None,))[0] != tried:
        with held_practice() as project:
            for name, columns in mart.inputs.items():
                path = "marts" if name.startswith("fct_") else "staging"
                given = [row for story in stories for row in story.given.get(name, [])]
                project.write(_path_of(project, name) or f"models/{path}/{name}.sql", _planted(columns, given))
            project.write(f"models/marts/{mart.name}.sql", text)
            built(asked, project, f"{' '.join(mart.inputs)} {mart.beside} {mart.name}")
            rows = rows_of(asked, project, f"select {mart.columns} from marts.{mart.name}")
        _last[mart.name] = (tried, rows)
    return _last[mart.name][1]


def _path_of(project, name: str) -> str:
    """Where the project has a model of this name, or nothing."""
    file = next(project.folder.glob(f"models/**/{name}.sql"), None)
    return str(file.relative_to(project.folder)) if file else ""


def _planted(columns: str, rows: list[tuple]) -> str:
    """A model that has just these rows."""
    names = [column.split(" ", 1) for column in columns.split(", ")]
    typed = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in names)
    nulls = tuple(None for _ in names)
    values = ",\n".join(f"({', '.join(map(_literal, row))})" for row in [nulls, *rows])
    listed = ", ".join(name for name, _ in names)
    return (f"{{{{ config(materialized='table') }}}}\n"
            f"select {typed}\nfrom (values {values}) as given({listed})\nwhere {names[0][0]} is not null")


def _literal(value) -> str:
    if value is None:
        return "null"
    if isinstance(value, (bool, int)):
        return str(value).lower()
    return f"'{value}'"


def _shown(rows: list[tuple]) -> str:
    """Rows as a person would write them down."""
    texts = [", ".join(map(str, row)) for row in rows[:4]]
    more = f" and {len(rows) - 4} more" if len(rows) > 4 else ""
    return " | ".join(texts) + more if texts else "no row"


# Time

def _at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment by the company's clock."""
    return datetime(year, month, day, hour, minute, tzinfo=COMPANY).astimezone(UTC)


def _months(first: date, last: date = LAST_MONTH) -> list[date]:
    """The first days of the months from the one to the other, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [_later(first, nth) for nth in range(count)]


def _later(month: date, by: int) -> date:
    year, nth = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, nth + 1, 1)


def _keys(*keys) -> frozenset:
    return frozenset(keys)


# MRR

PERIODS = ("subscription_id varchar, household_id bigint, status varchar, price_usd_cents bigint, "
           "billing_interval varchar, billing_interval_count bigint, valid_from timestamptz, valid_until timestamptz")


def _mrr_stories(random: Random) -> Iterator[Story]:
    number = iter(range(101, 999))

    def story(check: str, told: str, periods: list[tuple], due: dict[date, int]) -> Story:
        home = next(number)
        rows = [(f"sub_{home}_{nth}", home, *period) for nth, *period in periods]
        return Story(check, f"household {home}: {told}", {"int_plan_periods": rows},
                     [(home, month, cents) for month, cents in due.items()], _keys(home))

    def since(first: date, cents: int) -> dict[date, int]:
        return dict.fromkeys(_months(first), cents)

    yield from _annual_stories(random, story, since)
    yield from _status_stories(random, story, since)
    yield from _clock_stories(random, story, since)
    yield from _last_moment_stories(random, story, since)


def _annual_stories(random: Random, story: Callable, since: Callable) -> Iterator[Story]:
    start, first = _at(2025, 11, random.randint(5, 20)), date(2025, 11, 1)
    price = random.randint(300, 900) * 12
    for told, cents, interval, count, due in (
        (f"12 times {price // 12} cents, and 5, a year", price + 5, "year", 1, price // 12),
        (f"12 times {price // 12} cents, and 7, a year", price + 7, "year", 1, price // 12 + 1),
        ("12 cents a year", 12, "year", 1, 1),
        (f"{price * 2} cents every 2 years", price * 2, "year", 2, price // 12),
        (f"{price} cents every 3 months", price, "month", 3, price // 3),
    ):
        yield story("annual", told, [(0, "active", cents, interval, count, start, None)], since(first, due))
    rest = [(nth, "active", price + 5, "year", 1, start, None) for nth in (0, 1)]
    yield story("annual", f"two subscriptions of 12 times {price // 12} cents, and 5, a year", rest,
                since(first, price // 12 * 2))


def _status_stories(random: Random, story: Callable, since: Callable) -> Iterator[Story]:
    start, first, cents = _at(2025, 9, random.randint(5, 20)), date(2025, 9, 1), random.randint(900, 2900)
    for status in ("trialing", "paused", "incomplete", "unpaid", "canceled"):
        yield story("status", f"{cents} cents a month, {status}", [(0, status, cents, "month", 1, start, None)], {})
    for status in ("active", "past_due"):
        yield story("status", f"{cents} cents a month, {status}", [(0, status, cents, "month", 1, start, None)],
                    since(first, cents))
    yield story("status", "a plan that costs nothing, active", [(0, "active", 0, "month", 1, start, None)], {})
    paid = _at(2025, 10, 15)
    yield story("status", f"{cents} cents a month: a trial in September, paid since October",
                [(0, "trialing", cents, "month", 1, start, paid), (0, "active", cents, "month", 1, paid, None)],
                since(date(2025, 10, 1), cents))


def _clock_stories(random: Random, story: Callable, since: Callable) -> Iterator[Story]:
    cents = random.randint(900, 2900)
    for told, start, first in (
        ("active since January 31, 22:00 in New York", _at(2026, 1, 31, 22), date(2026, 1, 1)),
        ("active since May 31, 20:30 in New York", _at(2026, 5, 31, 20, 30), date(2026, 5, 1)),
        ("active since May 31, 23:59 in New York", _at(2026, 5, 31, 23, 59), date(2026, 5, 1)),
        ("active since midnight of June 1 in New York", _at(2026, 6, 1, 0), date(2026, 6, 1)),
    ):
        yield story("clock", told, [(0, "active", cents, "month", 1, start, None)], since(first, cents))
    yield story("clock", "active until midnight of February 1 in New York",
                [(0, "active", cents, "month", 1, _at(2025, 12, 9), _at(2026, 2, 1, 0))],
                dict.fromkeys(_months(date(2025, 12, 1), date(2026, 1, 1)), cents))


def _last_moment_stories(random: Random, story: Callable, since: Callable) -> Iterator[Story]:
    low, high = random.randint(900, 1900), random.randint(2000, 2900)
    one, two = _at(2026, 3, 4), _at(2026, 3, random.randint(8, 25))
    for before, after in ((low, high), (high, low)):
        yield story("last", f"from {before} to {after} cents a month within March",
                    [(0, "active", before, "month", 1, one, two), (0, "active", after, "month", 1, two, None)],
                    since(date(2026, 3, 1), after))
    yield story("last", "subscribed and gone within March", [(0, "active", low, "month", 1, one, two)], {})
    yield story("last", f"since March two subscriptions of {low} cents a month each",
                [(nth, "active", low, "month", 1, one, None) for nth in (0, 1)], since(date(2026, 3, 1), 2 * low))


MRR = Mart("fct_customer_mrr", "household_id, cast(month as date), mrr_cents", {"int_plan_periods": PERIODS},
           _mrr_stories, beside="int_months")


@repeatable
def annual_plans_are_a_twelfth(function) -> None:
    _told(CheckedFunction(function, look="what a plan costs a month: its price by the months that it pays for, each "
                                         "subscription rounded to cents before they are added"), MRR, "annual")


@repeatable
def only_paid_periods_count(function) -> None:
    _told(CheckedFunction(function, look="the status of the period: active and past_due count"), MRR, "status")


@repeatable
def months_end_on_the_companys_clock(function) -> None:
    _told(CheckedFunction(function, look="end_of_company_month; valid_from is before it, valid_until at it or later"),
          MRR, "clock")


@repeatable
def the_last_moment_decides(function) -> None:
    _told(CheckedFunction(function, look="which periods hold at the month's end; their sum per household"), MRR, "last")


# Movements

def _history(home: int, first: date, amounts: list[int]) -> list[tuple]:
    return [(home, _later(first, nth), cents) for nth, cents in enumerate(amounts) if cents]


def _movement_rows(home: int, first: date, amounts: list[int]) -> list[tuple]:
    """What is due of a history that goes on with nothing until the last month."""
    amounts = amounts + [0] * (len(_months(first)) - len(amounts))
    rows, opening, paid = [], 0, False
    for month, closing in zip(_months(first), amounts, strict=True):
        if opening or closing:
            rows.append((home, month, opening, closing, closing - opening, _movement(opening, closing, paid)))
        opening, paid = closing, paid or closing > 0
    return rows


def _of_a_month(row: tuple) -> bool:
    return row[1] <= LAST_MONTH


def _movement(opening: int, closing: int, paid: bool) -> str:
    if opening == closing:
        return "none"
    if not opening:
        return "reactivation" if paid else "new"
    return "churn" if not closing else "expansion" if closing > opening else "contraction"


def _movement_stories(random: Random) -> Iterator[Story]:
    low, high = random.randint(900, 1900), random.randint(2000, 2900)
    gap = [0] * random.randint(2, 4)
    to_the_end = len(_months(date(2026, 3, 1)))
    histories = [
        ("sum", "pays, changes its plan, stays", date(2026, 3, 1), [low, high, high, low][:to_the_end]),
        ("sum", "left, and nothing after", date(2025, 9, 1), [low, low, high]),
        ("sum", "pays in the last month for the first time", LAST_MONTH, [low]),
        ("sum", "left in the last month", date(2026, 4, 1), [low, high, 0]),
        ("sum", "pays one cent in March", date(2026, 3, 1), [1]),
        ("sum", "pays in July and September 2024, and nobody pays in August", date(2024, 7, 1), [low, 0, low]),
        ("return", "left for more than a year, then came back", date(2025, 1, 1), [low, *[0] * 13, high]),
        ("return", "left for months, then came back for the same", date(2025, 9, 1), [low, low, *gap, low]),
        ("return", "left for months, then came back for more", date(2025, 6, 1), [low, *gap, high, high]),
        ("return", "left for one month", date(2026, 2, 1), [low, 0, low, high, high]),
        ("return", "left and came back twice", date(2025, 4, 1), [low, 0, 0, high, 0, low, *gap, high]),
        ("name", "new, then more, then less", date(2026, 3, 1), [low, high, low, low]),
        ("name", "new, then less, then more", date(2026, 3, 1), [high, low, low, high]),
        ("name", "new, and always the same", date(2026, 3, 1), [low, low, low, low]),
    ]
    for home, (check, told, first, amounts) in enumerate(histories, 101):
        yield Story(check, f"household {home}: {told}", {"fct_customer_mrr": _history(home, first, amounts)},
                    _movement_rows(home, first, amounts), _keys(home))


MOVEMENTS = Mart("fct_customer_movements", "household_id, cast(month as date), opening_mrr_cents, closing_mrr_cents, "
                 "change_cents, movement", {"fct_customer_mrr": "household_id bigint, month date, mrr_cents bigint"},
                 _movement_stories, beside="int_months")


@repeatable
def movements_add_up(function) -> None:
    _told(CheckedFunction(function, look="a row also for the month in which MRR falls to nothing; what a month closes "
                                         "with, the next one opens with"), MOVEMENTS, "sum", columns=5)


@repeatable
def a_return_is_neither_new_nor_churn_twice(function) -> None:
    _told(CheckedFunction(function, look="a month without MRR opens the next with 0; who paid before is not new"),
          MOVEMENTS, "return", counts=_of_a_month)


@repeatable
def every_change_has_its_name(function) -> None:
    _told(CheckedFunction(function, look="opening and closing of one row: more, less, or the same"), MOVEMENTS, "name",
          counts=_of_a_month)


# Revenue

LINES = "balance_transaction_id varchar, source_id varchar, reporting_category varchar, amount_cents bigint, " \
        "fee_cents bigint, created_at timestamptz, net_cents bigint, available_at timestamptz"
CHARGES = "charge_id varchar, balance_transaction_id varchar, created_at timestamptz"
REFUNDS = "refund_id varchar, charge_id varchar, balance_transaction_id varchar, created_at timestamptz"


def _revenue_stories(random: Random) -> Iterator[Story]:
    """Each in months of its own."""
    price, fee = random.randint(2000, 9000), random.randint(60, 300)
    part = random.randint(500, 1900)

    def story(check: str, told: str, lines: list[tuple], due: list[tuple]) -> Story:
        year = lines[0][-1].astimezone(COMPANY).year
        return Story(check, told, _stripe(year, lines), due,
                     frozenset(date(year, month, 1) for month in range(1, 13)))

    yield story("refund", "a charge of May, refunded in July", [
        ("charge", price, fee, _at(2015, 5, 3)), ("refund", -price, 0, _at(2015, 7, 9))],
        [(date(2015, 5, 1), price, 0, 0, -fee, price - fee), (date(2015, 7, 1), 0, -price, 0, 0, -price)])
    yield story("refund", "a charge of May, refunded in two parts, in May and June", [
        ("charge", price, fee, _at(2016, 5, 3)), ("refund", -part, 0, _at(2016, 5, 9)),
        ("refund", -1, 0, _at(2016, 6, 9))],
        [(date(2016, 5, 1), price, -part, 0, -fee, price - part - fee), (date(2016, 6, 1), 0, -1, 0, 0, -1)])
    yield story("dispute", "a dispute with a fee, won a month later", [
        ("charge", price, fee, _at(2017, 2, 3)), ("dispute", -price, 1500, _at(2017, 3, 9)),
        ("dispute_reversal", price, 0, _at(2017, 4, 9))],
        [(date(2017, 2, 1), price, 0, 0, -fee, price - fee), (date(2017, 3, 1), 0, 0, -price, -1500, -price - 1500),
         (date(2017, 4, 1), 0, 0, price, 0, price)])
    yield story("dispute", "a payout to the bank", [
        ("charge", price, fee, _at(2018, 2, 3)), ("payout", -part, 0, _at(2018, 2, 9)),
        ("payout", -part, 0, _at(2018, 3, 9))], [(date(2018, 2, 1), price, 0, 0, -fee, price - fee)])
    yield story("dispute", "two charges of the same amount on one day", [
        ("charge", price, fee, _at(2021, 2, 3)), ("charge", price, fee, _at(2021, 2, 3))],
        [(date(2021, 2, 1), 2 * price, 0, 0, -2 * fee, 2 * price - 2 * fee)])
    yield story("dispute", "a correction by Stripe that is none of the three, with a fee", [
        ("other_adjustment", -part, fee, _at(2022, 2, 3))], [(date(2022, 2, 1), 0, 0, 0, -fee, -part - fee)])
    yield story("dispute", "a refund that failed and came back, and a charge that failed later", [
        ("charge", price, fee, _at(2023, 2, 3)), ("refund", -part, 0, _at(2023, 2, 9)),
        ("refund_failure", part, 0, _at(2023, 2, 12)), ("charge_failure", -price, 0, _at(2023, 2, 20))],
        [(date(2023, 2, 1), price, -part, 0, -fee, -fee)])
    yield story("clock", "a charge on January 31, 22:00 in New York", [
        ("charge", price, fee, _at(2019, 1, 31, 22))], [(date(2019, 1, 1), price, 0, 0, -fee, price - fee)])
    yield story("clock", "a charge on May 31, 20:30, and one at midnight of June 1, in New York", [
        ("charge", price, fee, _at(2020, 5, 31, 20, 30)), ("charge", part, fee, _at(2020, 6, 1, 0))],
        [(date(2020, 5, 1), price, 0, 0, -fee, price - fee), (date(2020, 6, 1), part, 0, 0, -fee, part - fee)])


def _stripe(year: int, lines: list[tuple]) -> Tables:
    """Lines of Stripe's balance, with the charges and refunds that they come from."""
    found: Tables = {"stg_stripe__balance_transactions": [], "stg_stripe__charges": [], "stg_stripe__refunds": []}
    charge = ""
    for nth, (category, amount, fee, at) in enumerate(lines):
        id, line = f"{category[:2]}_{year}_{nth}", f"txn_{year}_{nth}"
        if category == "charge":
            charge = id
            found["stg_stripe__charges"].append((id, line, at))
        elif category == "refund":
            found["stg_stripe__refunds"].append((id, charge, line, at))
        found["stg_stripe__balance_transactions"].append(
            (line, id, category, amount, fee, at, amount - fee, at + timedelta(days=5)))
    return found


REVENUE = Mart("fct_revenue", "cast(month as date), gross_cents, refunds_cents, disputes_cents, fees_cents, "
               "net_revenue_cents", {"stg_stripe__balance_transactions": LINES, "stg_stripe__charges": CHARGES,
                                     "stg_stripe__refunds": REFUNDS}, _revenue_stories)


@repeatable
def refunds_by_their_own_date(function) -> None:
    _told(CheckedFunction(function, look="created_at of the refund's own line; 0, not NULL, where there is none"),
          REVENUE, "refund")


@repeatable
def disputes_and_fees_count(function) -> None:
    _told(CheckedFunction(function, look="each reporting_category; fees stand on lines of any of them; a payout only "
                                         "moves money"), REVENUE, "dispute")


@repeatable
def months_of_revenue_are_the_companys(function) -> None:
    _told(CheckedFunction(function, look="company_date(..., 'month') in the project's macros"), REVENUE, "clock")


# Customers

HOMES = "household_id bigint, city varchar, sign_up_channel varchar, signed_up_at timestamptz"
PEOPLE = ("person_id bigint, household_id bigint, is_owner boolean, full_name varchar, email varchar, "
          "created_at timestamptz")
ORDERS = ("order_id bigint, household_id bigint, order_status varchar, total_cents bigint, placed_at timestamptz, "
          "discount_cents bigint, updated_at timestamptz")
STRIPE = "customer_id varchar, household_id bigint, email varchar, created_at timestamptz, currency varchar"
CONTACTS = "contact_row bigint, person_id bigint, household_id bigint, matched_by varchar"


def _home(home: int, people: int, orders: list[tuple], stripe: int, contacts: int) -> Tables:
    """A household. An order is its status and cents; the Stripe customers are as many, the first one the oldest.
    Its first person has no address, unless it is the owner; the others have the owner's name."""
    start = datetime(2026, 1, 5, 12, tzinfo=UTC)
    owner = home * 100 + people  # not the lowest number
    return {
        "stg_production__households": [(home, "Berlin", "search", start)],
        "stg_production__people": [(home * 100 + nth, home, nth == people,
                                    f"Person {owner if nth > 1 else home * 100 + nth}",
                                    f"p{home * 100 + nth}@example.com" if nth in (2, people) else None,
                                    start + timedelta(days=nth))
                                   for nth in range(1, people + 1)],
        "stg_production__orders": [_order(home * 100 + nth, home, status, cents, start + timedelta(days=3))
                                   for nth, (status, cents) in enumerate(orders)],
        "stg_stripe__customers": [(f"cus_{home}_{chr(ord('z') - nth)}", home, f"p{owner}@example.com",
                                   start + timedelta(days=nth), "usd") for nth in range(stripe)],
        "int_crm_contacts_matched": [(home * 100 + nth, owner, home, "email") for nth in range(contacts)],
    }


def _order(order: int, home: int, status: str, cents: int, placed: datetime) -> tuple:
    return (order, home, status, cents, placed, cents // 10, placed + timedelta(days=2))


def _home_stories(random: Random) -> Iterator[Story]:
    cents = random.randint(3000, 9000)
    one, two = ("delivered", cents), ("paid", cents + random.randint(1, 500))
    told = (
        ("once", "no order, no contact, not at Stripe", 1, [], 0, 0),
        ("once", "only cancelled and refunded orders", 2, [("cancelled", cents), ("refunded", cents)], 1, 0),
        ("once", "two customers at Stripe, the first one counts", 1, [one], 2, 1),
        ("multiplied", "three people and two orders", 3, [one, two], 1, 1),
        ("multiplied", "two orders and three rows in the CRM", 1, [one, two], 1, 3),
        ("multiplied", "two people, three orders, two rows in the CRM", 2, [one, two, ("cancelled", 1)], 1, 2),
        ("equal", "two delivered orders of the same amount", 1, [one, one], 1, 1),
        ("equal", "three orders of the same amount, one of them cancelled", 1, [one, one, ("cancelled", cents)], 1, 1),
    )
    for home, (check, words, people, orders, stripe, contacts) in enumerate(told, 11):
        earned = sum(cents for status, cents in orders if status in ("paid", "delivered"))
        owner = f"Person {home * 100 + people}", f"p{home * 100 + people}@example.com"
        due = (home, *owner, f"cus_{home}_z" if stripe else None, people, len(orders), earned, contacts)
        yield Story(check, f"household {home}: {words}", _home(home, people, orders, stripe, contacts), [due],
                    _keys(home))


HOUSEHOLDS = Mart("dim_households", "household_id, owner_name, owner_email, stripe_customer_id, people, orders, "
                  "order_revenue_cents, crm_contacts",
                  {"stg_production__households": HOMES, "stg_production__people": PEOPLE,
                   "stg_production__orders": ORDERS, "stg_stripe__customers": STRIPE,
                   "int_crm_contacts_matched": CONTACTS}, _home_stories)


@repeatable
def every_household_once(function) -> None:
    _told(CheckedFunction(function, look="left joins from the households; the customer that Stripe made first"),
          HOUSEHOLDS, "once")


@repeatable
def nothing_is_multiplied(function) -> None:
    _told(CheckedFunction(function, look="count and sum each source per household before you join"),
          HOUSEHOLDS, "multiplied")


@repeatable
def equal_rows_are_counted(function) -> None:
    _told(CheckedFunction(function, look="distinct throws away what only looks alike; an order's key is order_id"),
          HOUSEHOLDS, "equal")


# Funnel

SUBSCRIPTIONS = "subscription_id bigint, household_id bigint, started_at timestamptz, plan_id bigint"
STATUSES = ("cancelled", "paid", "refunded", "delivered")  # all of them are orders


def _funnel_stories(random: Random) -> Iterator[Story]:
    """Each in a year of its own: a household, what it did after how many hours, and how far it came."""
    hours = 28 * 24
    soon = random.randint(30, 300)
    told = (
        ("order", "signed up, and nothing else", None, [], (0, 0, 0)),
        ("order", "subscribed, then ordered twice", soon, [soon + 2, soon + 99], (1, 1, 1)),
        ("order", "subscribed, then ordered three times", soon, [soon + 2, soon + 50, soon + 99], (1, 1, 1)),
        ("order", "ordered twice and never subscribed", None, [soon, soon + 9], (0, 0, 0)),
        ("order", "subscribed, then ordered once", soon, [soon + 2], (1, 1, 0)),
        ("order", "ordered a day before it subscribed", soon, [soon - 24], (1, 1, 0)),
        ("order", "subscribed and ordered twice before it signed up", -99, [-50, -soon / 30], (1, 1, 1)),
        ("order", "two orders at one moment", soon, [soon + 2, soon + 2], (1, 1, 1)),
        ("28", "subscribed after 28 days less an hour", hours - 1, [], (1, 0, 0)),
        ("28", "subscribed after exactly 28 days, ordered before", hours, [soon], (0, 0, 0)),
        ("28", "the second order after 28 days less an hour", soon, [soon + 1, hours - 1], (1, 1, 1)),
        ("28", "the second order after exactly 28 days", soon, [soon + 1, hours], (1, 1, 0)),
        ("28", "both orders after 30 days", soon, [hours + 48, hours + 49], (1, 0, 0)),
    )
    yield _sign_ups("28", "signed up in February, subscribed after 27 days and 23.5 hours, the clock being changed in "
                    "between", 2030, [(hours - 0.5, [])], (1, 1, 0, 0), on=(2, 20))
    for nth, (check, words, subscribed, orders, reached) in enumerate(told):
        yield _sign_ups(check, words, 2010 + nth, [(subscribed, orders)], (1, *reached))
    yield _sign_ups("order", "three sign-ups, of which two subscribed and one of these ordered", 2005,
                    [(soon, []), (soon, [soon + 5]), (None, [])], (3, 2, 1, 0))


def _sign_ups(check: str, words: str, year: int, homes: list[tuple], due: tuple,
              on: tuple[int, int] = (1, 31)) -> Story:
    """Households that sign up on an evening, the last one of January: after how many hours each subscribed and
    ordered."""
    signed_up = _at(year, on[0], on[1], 22)
    given: Tables = {"stg_production__households": [], "stg_production__subscriptions": [],
                     "stg_production__orders": []}
    for home, (subscribed, orders) in enumerate(homes, year * 10):
        given["stg_production__households"].append((home, "Berlin", "search", signed_up))
        if subscribed is not None:
            given["stg_production__subscriptions"] += [
                (home * 2 + nth, home, signed_up + timedelta(hours=subscribed + 9000 * nth), 1) for nth in (0, 1)]
        given["stg_production__orders"] += [
            _order(home * 10 + nth, home, STATUSES[nth], 4000, signed_up + timedelta(hours=hour))
            for nth, hour in enumerate(orders)]
    return Story(check, words, given, [(date(year, on[0], 1), *due)],
                 frozenset(_months(date(year, 1, 1), date(year, 12, 1))))


FUNNEL = Mart("fct_funnel", "cast(month as date), signed_up, subscribed, ordered, ordered_again",
              {"stg_production__households": HOMES, "stg_production__subscriptions": SUBSCRIPTIONS,
               "stg_production__orders": ORDERS}, _funnel_stories)


@repeatable
def funnel_steps_in_order(function) -> None:
    _told(CheckedFunction(function, look="a step counts only for a household that took all steps before it"),
          FUNNEL, "order")


@repeatable
def funnel_within_28_days(function) -> None:
    _told(CheckedFunction(function, look="each step: before 28 days after the sign-up are over"), FUNNEL, "28")
