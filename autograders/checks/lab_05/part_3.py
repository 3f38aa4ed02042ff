"""Checks of Lab 5, parts 5 and 6: tests as contracts, and history.

A student's tests are tried on small warehouses made for one question: one as the right models leave it, and one as a
broken model would. dbt must call the broken one failed, and the test's own query, asked from here, must give rows
where it is broken and none where all is right: in warehouses that dbt has not seen, so that no query knows one by its
path, by how many rows it has, or by what dbt found where it ran.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from autograders.checks.lab_05.worlds import (
    Plant,
    built,
    expect_kinds,
    expect_rows,
    expect_types,
    held_practice,
    microseconds,
    plant_into,
    ran,
    rows_in,
    rows_of,
    tell,
    text_of,
    warehouse,
)
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from environments.stack.dbt_project import REFERENCE, DbtProject, NodeRun

__all__ = [
    "a_trial_is_worth_nothing", "another_currency_has_its_rate", "churn_goes_down", "evenings_are_this_month",
    "every_version_of_a_plan", "incremental_is_full_refresh", "no_household_counts_twice", "no_month_is_missing",
    "no_month_of_revenue_is_missing", "only_known_households", "only_known_movements", "only_new_rows_are_written",
    "openings_are_last_closings", "prices_of_their_day", "refunds_in_their_own_month", "the_ticket_is_answered",
]

YAML = "models/marts/_marts__models.yml"


def without(yaml: str, *models: str) -> str:
    """The text of a YAML file of models without what it says of some of them."""
    head, *entries = yaml.split("\n  - name: ")
    kept = [entry for entry in entries if entry.split("\n", 1)[0] not in models]
    return "\n  - name: ".join([head, *kept])


def _in_schemas(plant: Plant) -> Plant:
    """The same in an empty warehouse."""
    def planted(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("create schema raw; create schema staging; create schema marts")
        plant(con)
    return planted


@contextmanager
def _planted(plant: Plant) -> Iterator[DbtProject]:
    """The reference project on a warehouse in which only that is what `plant` puts there."""
    with held_practice() as project:
        project.warehouse.unlink()
        plant_into(project.warehouse, _in_schemas(plant))
        yield project


# 5 Tests as contracts

def _tests(asked: CheckedFunction, project: DbtProject, select: str, path: str) -> list[NodeRun]:
    """What the tests in a file say."""
    run = ran(asked, project, "test", select=select)
    asked.expect(not run.error, "a file that dbt can read", got=f"dbt says: {run.why()}")
    tests = [node for node in run.nodes if node.path == path]
    asked.expect(bool(tests), "at least one test in it", got="dbt found no test in the file")
    broken = next((node for node in tests if node.status == "error"), None)
    asked.expect(broken is None, "tests that the database can run", got=f"dbt says: {run.why()}")
    return tests


def _found(asked: CheckedFunction, path: Path, sql: str) -> list[tuple]:
    """Compiled SQL names the file of the warehouse: each has the same name, in another folder."""
    return rows_in(asked, path, sql, "tests that the database can run")


def _expect_caught(asked: CheckedFunction, path: str, right: Plant, broken: dict[str, Plant],
                   rows: dict[str, int] | None = None) -> None:
    """That the tests in a file hold on the right tables, that dbt reports one as failed on the first of the broken
    ones, and that a query of them finds something in each other: as many `rows` as there are to find, if told."""
    text, defect = text_of(asked), next(iter(broken))
    with _planted(broken[defect]) as project, warehouse(_in_schemas(right)) as good:
        project.write(YAML, without(project.read(YAML), "fct_mrr_movements"))
        project.write(path, text)
        tests = _tests(asked, project, f"path:{path}", path)
        alarm = next((test.name for test in tests if _found(asked, good, test.sql)), None)
        asked.expect(alarm is None, "no alarm: the tables are right", got=f"the test {alarm} failed on right tables")
        passed = "passed on a broken model: " + ", ".join(test.name for test in tests)
        caught = {}
        for name, plant in broken.items():
            failing = [test for test in tests if test.status == "fail" or name != defect and test.status != "warn"]
            with warehouse(_in_schemas(plant)) as bad:
                caught[name] = sum(len(_found(asked, bad, test.sql)) for test in failing)
            asked.expect(caught[name] > 0, f"a test to fail: {name}", got=passed)
        late = next((test.name for test in tests if _found(asked, good, test.sql)), None)  # not by the clock either
        asked.expect(late is None, "no alarm: the tables are right", got=f"the test {late} failed on right tables")
        for cousin, due in (rows or {}).items():
            asked.expect(caught[cousin] == due, f"a row for each row that breaks a rule, so {due}: {cousin}",
                         got=f"found {caught[cousin]} rows")


# MRR movements of five households in six months, of two years. The third is gone for good, the second and fifth come
# back.
MONTHS = ["2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01"]
CLOSINGS = {
    1: (5, 5, 8, 8, 3, 3),
    2: (0, 4, 0, 0, 4, 4),
    3: (9, 0, 0, 0, 0, 0),
    4: (0, 0, 0, 0, 0, 7),
    5: (6, 0, 6, 0, 6, 6),
}
MOVEMENTS = ("create table marts.fct_mrr_movements (household_id bigint, month date, opening_mrr_cents bigint, "
             "closing_mrr_cents bigint, change_cents bigint, movement varchar)")
Movement = tuple[int, str, int, int, int, str | None]


def _movement(opening: int, closing: int, paid: bool) -> str:
    if opening == closing:
        return "none"
    if opening == 0:
        return "reactivation" if paid else "new"
    return "churn" if closing == 0 else "expansion" if closing > opening else "contraction"


def _movements(look_back: int = 1) -> list[Movement]:
    """Rows of fct_mrr_movements, whose opening is the closing of `look_back` months before."""
    unit, rows = draw.randint(90, 110), []
    for household, units in CLOSINGS.items():
        cents = [0] * look_back + [unit * closing for closing in units]
        for nth, month in enumerate(MONTHS):
            opening, closing, paid = cents[nth], cents[nth + look_back], any(cents[:nth + look_back])
            if opening or closing:
                name = _movement(opening, closing, paid)
                rows.append((household, month, opening, closing, closing - opening, name))
    return rows


def _opening(row: Movement, cents: int) -> Movement:
    """The same row with another opening, and with the change and the name that follow from it."""
    name = row[5] if cents == row[2] else _movement(cents, row[3], paid=True)
    return (*row[:2], cents, row[3], row[3] - cents, name)


SIGNS = {"new": 1, "expansion": 1, "reactivation": 1, "none": 0, "contraction": -1, "churn": -1}


def _breaking(rows: list[Movement]) -> int:
    """How many rows break one of the two rules, or both."""
    closings = {(home, MONTHS.index(month)): closing for home, month, _, closing, *_ in rows}
    return sum(
        change != closing - opening or (change > 0) - (change < 0) != SIGNS[str(name)]
        or opening != closings.get((home, MONTHS.index(month) - 1), 0)
        for home, month, opening, closing, change, name in rows)


def _customers(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table marts.dim_customers as select unnest(range(1, 8)) as customer_id")
    con.execute("create table staging.stg_production__households as select unnest(range(1, 100)) as household_id")
    con.execute("create view staging.stg_stripe__customers as select household_id, 'cus_' || household_id as "
                "customer_id from staging.stg_production__households")
    con.execute("create table staging.int_months as select cast(unnest(?) as date) as month", [MONTHS])


def _with_movements(rows: list[Movement]) -> Plant:
    """These rows, each time with other numbers of the households, in another unit, and beside others that hold."""
    def plant(con: duckdb.DuckDBPyConnection) -> None:
        _customers(con)
        con.execute(MOVEMENTS)
        names, unit = dict(enumerate(draw.sample(range(1, 8), 7), 1)), draw.randint(2, 99)
        for home, month, opening, closing, change, movement in [*rows, *_faithful(6), *_faithful(7)]:
            con.execute("insert into marts.fct_mrr_movements values (?, ?, ?, ?, ?, ?)", [
                names.get(home, home), month, unit * opening, unit * closing, unit * change, movement])
    return plant


def _faithful(home: int) -> list[Movement]:
    """A household that comes in some month and stays as it is."""
    first, *others = MONTHS[draw.randrange(len(MONTHS)):]
    return [(home, first, 0, 50, 50, "new"), *((home, month, 50, 50, 0, "none") for month in others)]


def _expect_movements_caught(function, path: str, look: str, broken: dict[str, list[Movement]]) -> None:
    tables = {defect: _with_movements(rows) for defect, rows in broken.items()}
    _, *cousins = broken  # of the first one a test may find less and still know it
    counted = {cousin: _breaking(broken[cousin]) for cousin in cousins} if path == MOVEMENT_TEST else None
    _expect_caught(CheckedFunction(function, look=look), path, _with_movements(_movements()), tables, counted)


MOVEMENT_YAML = "models/marts/_fct_mrr_movements.yml"
MOVEMENT_TEST = "tests/assert_mrr_movements_follow.sql"


@repeatable
def no_household_counts_twice(function) -> None:
    rows = _movements()
    _expect_movements_caught(function, MOVEMENT_YAML, "the grain: unique_together takes several columns", {
        "a join gave one row twice": [*rows, draw.choice(rows)],
        "a household has two different rows of one month": [*rows, (4, MONTHS[5], 7, 7, 0, "none")],
        "the month in which a household left came twice": rows + [row for row in rows if row[:2] == (3, MONTHS[1])],
    })


@repeatable
def only_known_households(function) -> None:
    rows = _movements()
    stranger = draw.randint(50, 99)
    strangers = [(stranger, *row[1:]) for row in rows if row[0] == 4]
    gone = [(stranger, *row[1:]) for row in rows if row[:2] == (3, MONTHS[1])]
    _expect_movements_caught(function, MOVEMENT_YAML, "relationships, with the column that dim_customers calls it by", {
        "a household that dim_customers has not": rows + strangers,
        "a household that dim_customers has not, in the month in which it leaves": rows + gone,
    })


@repeatable
def only_known_movements(function) -> None:
    def named(name: str | None, *places: tuple[int, str]) -> list[Movement]:
        return [(*row[:5], name) if row[:2] in places else row for row in _movements()]

    strange = draw.choice(["pause", "Churn", "renewal", "return", "upgrade", "downgrade", "trial", "contract"])
    left, came, stayed = (5, MONTHS[1]), (4, MONTHS[5]), (1, MONTHS[1])
    _expect_movements_caught(function, MOVEMENT_YAML, "accepted_values lets null pass", {
        f"a movement called '{strange}'": named(strange, left), "a movement that is null": named(None, left),
        f"the first movement of a household, called '{strange}'": named(strange, came),
        "the first movement of a household, which is null": named(None, came),
        f"a month in which nothing changed, called '{strange}'": named(strange, stayed),
        "a month in which nothing changed, whose movement is null": named(None, stayed),
    })


@repeatable
def churn_goes_down(function) -> None:
    rows = _movements()
    names = iter(["new", "expansion", "reactivation", "contraction", "churn"])
    changed = {row[:2]: (*row[:5], next(names)) for row in rows if row[5] == "none"}
    changed |= {row[:2]: (*row[:4], -row[4], "expansion") for row in rows if row[5] == "contraction"}
    changed |= {row[:2]: (*row[:2], row[2] + 1, *row[3:]) for row in rows if row[5] == "new"}  # this breaks rule 2, too
    _expect_movements_caught(function, MOVEMENT_TEST, "rule 1", {
        "churn with the sign reversed": [(*row[:4], -row[4], row[5]) if row[5] == "churn" else row for row in rows],
        "a contraction called expansion": [
            (*row[:5], "expansion") if row[5] == "contraction" else row for row in rows],
        "an expansion called none": [(*row[:5], "none") if row[5] == "expansion" else row for row in rows],
        "changes that are not what the row says, or not what its movement means": [
            changed.get(row[:2], row) for row in rows],
    })


@repeatable
def openings_are_last_closings(function) -> None:
    rows = _movements()
    cents = {row[:2]: row[2] for row in rows}
    first, second, third, *_ = MONTHS
    # It opens with something in the first month, with another household's in the second, with nothing in the third.
    openings = {(1, first): 1, (1, second): cents[5, second], (5, second): cents[1, second], (1, third): 0}
    _expect_movements_caught(function, MOVEMENT_TEST, "rule 2", {
        "a wrong window: the opening is the closing of two months before": _movements(look_back=2),
        "openings that are not this household's closings of the month before": [
            _opening(row, openings.get(row[:2], row[2])) for row in rows],
    })


@repeatable
def no_month_is_missing(function) -> None:
    rows = _movements()
    _expect_movements_caught(function, MOVEMENT_TEST, "rule 2: the month before is not always the row before", {
        "a month of a household was dropped, in which nothing had changed": [
            row for row in rows if row[:2] != (1, MONTHS[1])],
        "the first month of a household was dropped": [row for row in rows if row[:2] != (3, MONTHS[0])],
    })


# Net revenue. The company's month ends at 05:00 UTC in winter and at 04:00 in summer: half past four is still February,
# and June already. January's two lines make 0; March has one line, and it is a refund; February has one of a category
# that no column is named for.
LINES = [
    ("txn_a", "ch_0", "charge", 2000, 0, "2026-01-10 12:00"), ("txn_b", "re_0", "refund", -2000, 0, "2026-01-11 12:00"),
    ("txn_1", "ch_1", "charge", 5000, 175, "2026-03-01 04:30"),
    ("txn_9", "adj_1", "other_adjustment", -300, 0, "2026-02-25 12:00"),
    ("txn_2", "re_1", "refund", -1200, 0, "2026-03-05 12:00"),
    ("txn_3", "ch_2", "charge", 7000, 233, "2026-04-20 12:00"),
    ("txn_4", "ch_3", "charge", 6100, 207, "2026-05-01 02:30"),
    ("txn_5", "dp_1", "dispute", -7000, 1500, "2026-05-11 12:00"),
    ("txn_6", "ch_4", "charge", 6100, 207, "2026-05-31 23:59"),
    ("txn_7", "dp_1", "dispute_reversal", 7000, 0, "2026-06-01 04:30"),
    ("txn_8", "po_1", "payout", -9000, 0, "2026-06-03 12:00"),
]
COMPANY = "timezone('America/New_York', timezone('UTC', created))"
REVENUE = """
create table marts.fct_net_revenue as
with lines as (select *, cast(date_trunc('month', {month}) as date) as month from raw.stripe_balance_transactions
               where reporting_category <> 'payout' and not _deleted)
select month, {columns}, cast(-sum(fee) as bigint) as fees_cents, cast(sum(net) as bigint) as net_revenue_cents
from lines where {where} group by month order by month"""
COLUMNS = ", ".join(
    f"cast(coalesce(sum(amount) filter (where reporting_category in ({names})), 0) as bigint) as {column}_cents"
    for column, names in (("gross", "'charge'"), ("refunds", "'refund'"),
                          ("disputes", "'dispute', 'dispute_reversal'")))
STAGED = """
create view staging.stg_stripe__balance_transactions as
select id as balance_transaction_id, source as source_id, reporting_category, amount as amount_cents,
    fee as fee_cents, net as net_cents, timezone('UTC', created) as created_at,
    timezone('UTC', available_on) as available_at
from raw.stripe_balance_transactions where not _deleted"""


def _balance(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table raw.stripe_balance_transactions (id varchar, source varchar, reporting_category varchar, "
                "amount bigint, fee bigint, net bigint, created timestamp, available_on timestamp, _deleted boolean)")
    # Months of the year before, in which all is well; January is among them, of which a broken model has none in 2026.
    unit, earlier = draw.randint(2, 9), [1, *draw.sample(range(2, 12), draw.randint(0, 8))]
    more = [(f"txn_0{month}", f"ch_0{month}", "charge", 3000, 117, f"2025-{month}-12 12:00") for month in earlier]
    for name, source, category, amount, fee, created in [*LINES, *more]:
        con.execute("insert into raw.stripe_balance_transactions values (?, ?, ?, ?, ?, ?, ?, ?, false)",
                    [name, source, category, amount * unit, fee * unit, (amount - fee) * unit, created, created])
    con.execute(STAGED)


def _with_revenue(month: str = COMPANY, where: str = "true") -> Plant:
    """A balance, and fct_net_revenue as made by a model that counts months so."""
    def plant(con: duckdb.DuckDBPyConnection) -> None:
        _balance(con)
        con.execute(REVENUE.format(month=month, where=where, columns=COLUMNS))
    return plant


def _with_one_more(*statements: str) -> Plant:
    """A balance and its revenue, in which these statements then change something."""
    def plant(con: duckdb.DuckDBPyConnection) -> None:
        _with_revenue()(con)
        for statement in statements:
            con.execute(statement)
    return plant


RECONCILED = "tests/assert_net_revenue_reconciles_by_month.sql"


def _expect_revenue_caught(function, look: str, broken: dict[str, tuple[Plant, int]]) -> None:
    """That the test finds each of these models broken, in as many months as it is; 0 asks for any."""
    plants = {defect: plant for defect, (plant, _) in broken.items()}
    months = {defect: number for defect, (_, number) in broken.items() if number}
    _expect_caught(CheckedFunction(function, look=look), RECONCILED, _with_revenue(), plants, months)


@repeatable
def refunds_in_their_own_month(function) -> None:
    month = f"case reporting_category when 'refund' then timestamp '2026-02-10' else {COMPANY} end"
    cent = "update marts.fct_net_revenue set net_revenue_cents = net_revenue_cents + 1 where month = "
    _expect_revenue_caught(function, "the totals agree, the months do not: a row for each that differs, by a cent or "
                           "by more", {
        # March is missing then, which another check asks for.
        "refunds counted in the month of a charge": (_with_revenue(month), 0),
        "one month a cent too high": (_with_one_more(f"{cent} '2026-04-01'"), 1),
        "the newest month a cent too high": (_with_one_more(f"{cent} '2026-06-01'"), 1),
    })


@repeatable
def evenings_are_this_month(function) -> None:
    _expect_revenue_caught(function, "company_date(moment, 'month')", {
        "months by the clock of UTC": (_with_revenue("created"), 4),
    })


@repeatable
def no_month_of_revenue_is_missing(function) -> None:
    def without(month: str) -> tuple[Plant, int]:
        return _with_revenue(where=f"month <> '{month}'"), 1

    more = "insert into marts.fct_net_revenue values"
    _expect_revenue_caught(function, "a join that keeps months which one side has not", {
        "late rows dropped, and a month with them": without("2026-06-01"),
        "a month in which nothing moved at Stripe": (_with_one_more(f"{more} ('2025-12-01', 100, 0, 0, 0, 100)"), 1),
        "a month of nothing, in which nothing moved at Stripe": (
            _with_one_more(f"{more} ('2025-12-01', 0, 0, 0, 0, 0)"), 1),
        "a month dropped whose lines make 0": without("2026-01-01"),
    })


# A unit test of int_subscription_periods

PERIODS = "models/intermediate/int_subscription_periods.sql"
PERIOD_TESTS = "models/intermediate/_int_subscription_periods__unit_tests.yml"
UNIT_TESTS = "models/marts/_marts__unit_tests.yml"


def _inputs(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table staging.stg_stripe__subscription_events (event_id varchar, subscription_id varchar, "
                "occurred_at timestamptz, customer_id varchar, status varchar, currency varchar, price_id varchar, "
                "amount bigint, monthly_amount bigint, period_starts_at timestamptz, is_paused boolean)")
    con.execute("create table staging.budget_rates (currency varchar, usd_cents_per_10000 bigint)")


def _expect_unit_test_fails(function, look: str, right: str, either: str, defect: str) -> None:
    """That unit tests pass on the model, and that one fails where it is wrong.

    `either`, in the place of `right`, means the same if its condition is true, and is wrong if not: Jinja, which may
    look at the model's text, does not see which one it is. Each model has a project of its own, in which no run left
    anything, and which of them comes first is drawn."""
    asked = CheckedFunction(function, look=look)
    text, model = text_of(asked), (REFERENCE / PERIODS).read_text(encoding="utf-8")
    assert model.count(right) == 1, "the reference model has changed"
    failed: dict[bool, str | None] = {}
    for holds in draw.sample([True, False], 2):
        small, large = sorted(draw.sample(range(100, 1000), 2))
        condition = f"{small} < {large}" if holds else f"{large} < {small}"
        with _planted(_inputs) as project:
            project.remove(UNIT_TESTS)
            project.write(PERIOD_TESTS, text)
            project.write(PERIODS, model.replace(right, either.format(condition)))
            tests = _tests(asked, project, "int_subscription_periods,test_type:unit", PERIOD_TESTS)
        failed[holds] = next((test.name for test in tests if test.status == "fail"), None)
    asked.expect(failed[True] is None, "it to pass on the right model", got=f"the test {failed[True]} failed")
    asked.expect(failed[False] is not None, f"a test to fail: {defect}", got="all passed on a broken model")


@repeatable
def a_trial_is_worth_nothing(function) -> None:
    _expect_unit_test_fails(
        function, "an event with the status trialing", "('active', 'past_due')",
        "('active', 'past_due', case when {} then 'active' else 'trialing' end)", "trials counted")


@repeatable
def another_currency_has_its_rate(function) -> None:
    _expect_unit_test_fails(
        function, "a currency whose rate is not 10000", "events.monthly_amount * rates.usd_cents_per_10000 / 10000.0",
        "case when {} then events.monthly_amount * rates.usd_cents_per_10000 / 10000.0 "
        "else events.monthly_amount * 10000.0 / rates.usd_cents_per_10000 end",
        "the wrong denominator: the rate upside down")


@repeatable
def the_ticket_is_answered(function) -> None:
    asked = CheckedFunction(function, look="whose month the mart counts by, and whose the report of Stripe")
    path = "models/marts/fct_net_revenue.sql"
    before = f"-- {draw.randint(1000, 9999)}: as finance knows it\n{(REFERENCE / path).read_text(encoding='utf-8')}"
    text = text_of(asked, arguments=(before,))
    with _planted(_with_revenue()) as project:
        columns = "month, gross_cents, refunds_cents, disputes_cents, fees_cents, net_revenue_cents"
        question = f"select {columns} from marts.fct_net_revenue order by month"
        due = rows_of(asked, project, question)
        project.write(path, text)
        built(asked, project, "fct_net_revenue")
        expect_rows(asked, rows_of(asked, project, question), due, "each month by the company's clock, as promised")
        asked.expect(text == before, "a model that needs no change to stay as it is", got="gave another text")


# 6 History

EVENTS = "models/marts/fct_product_events.sql"
START = datetime(2026, 6, 20, 6, tzinfo=UTC)  # of the first load
BEFORE_THE_SIGN_UP = ("e2", "late")


def _event(name: str, load: float, days_late: float = 0, device: str = "", tool: str = "") -> tuple:
    """An event that the load of a day brought, and that happened so many days before; half of
    them the phone had it, and half the tool."""
    loaded = START + timedelta(days=load)
    at = loaded - timedelta(days=days_late, hours=3)  # an evening in New York
    person = None if name in BEFORE_THE_SIGN_UP else draw.randint(1, 99)
    return (name, tool or draw.choice(["mixpanel", "amplitude"]), "Recipe Viewed", person, device or f"d{load}",
            at, loaded - timedelta(days=days_late / 2, hours=1), loaded)


def _load(events: list[tuple]) -> Plant:
    """What staging gives once these have come: of each event the newest row."""
    def plant(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("create or replace table staging.int_product_events_unioned (event_id varchar, tool varchar, "
                    "event_name varchar, person_id bigint, device_id varchar, occurred_at timestamptz, "
                    "received_at timestamptz, loaded_at timestamptz)")
        if events:
            con.executemany("insert into staging.int_product_events_unioned values (?, ?, ?, ?, ?, ?, ?, ?)", events)
    return plant


def _in_loads(asked: CheckedFunction, project: DbtProject, text: str, *loads: list[tuple]) -> None:
    """Build the model after each load."""
    project.write(EVENTS, text)
    for nth, events in enumerate(loads, 1):
        tell(asked, "fct_product_events", f"load {nth}, after which there are {len(events)} events")
        plant_into(project.warehouse, _load(events))
        built(asked, project, "fct_product_events")


def _expect_events(asked: CheckedFunction, project: DbtProject, events: list[tuple], kinds: dict[str, list]) -> None:
    """That the table has these, as a full refresh would."""
    columns = ["event_id", "tool", "event_name", "person_id", "device_id", "occurred_at", "received_at", "loaded_at",
               "occurred_on", "occurred_week"]
    shown = [f"epoch_us({column})" if column.endswith("_at") else column for column in columns]
    found = rows_of(asked, project, f"select {', '.join(shown)} from marts.fct_product_events")
    due = []
    for event in events:
        day = event[5].astimezone(ZoneInfo("America/New_York")).date()
        due.append((*event[:5], *map(microseconds, event[5:]), day, day - timedelta(days=day.weekday())))
    expect_kinds(asked, "fct_product_events", kinds, columns, found, due)


def _first_load() -> list[tuple]:
    """Two loads of one day after that of the day before; each of the two is of another tool, and the newest load has
    but an event that is older than one before it."""
    return [*(_event(f"e{n}", 0, days_late=n) for n in range(draw.randint(6, 8))),
            _event("e8", 0.9, tool="amplitude"), _event("e9", 1, days_late=1, tool="mixpanel")]


@repeatable
def incremental_is_full_refresh(function) -> None:
    asked = CheckedFunction(function, look="the clock that says what is new, >= or >, and what unique_key does")
    first = _first_load()
    rest = [_event("rest of the load", 1, days_late=3)]  # the last load was read while it still came
    late = [_event("late", 2, days_late=6), _event("very late", 2, days_late=40), _event("on time", 2)]
    rewritten = [_event("e1", 2, days_late=3, device="changed")]
    after = [event for event in first if event[0] != "e1"] + rest + late + rewritten
    text = text_of(asked)
    with _planted(_load([])) as project:
        project.write(YAML, without(project.read(YAML), "fct_product_events"))
        _in_loads(asked, project, text, [], first, after)
        _expect_events(asked, project, after, {
            "an event that came 6 days late": ["late"], "an event that came 40 days late": ["very late"],
            "the rest of a load of which a part was read": ["rest of the load"],
            "an event that came again with a newer loaded_at": ["e1"]})


@repeatable
def only_new_rows_are_written(function) -> None:
    asked = CheckedFunction(function, look="is_incremental() and {{ this }}")
    first, text = _first_load(), text_of(asked)
    with _planted(_load([])) as project:
        project.write(YAML, without(project.read(YAML), "fct_product_events"))
        _in_loads(asked, project, text, first)
        plant_into(project.warehouse, lambda con: con.execute(
            "update marts.fct_product_events set device_id = 'marked' where event_id <> 'e9'"))
        marked = "select count(*) from marts.fct_product_events where device_id = 'marked'"
        before = rows_of(asked, project, marked)
        plant_into(project.warehouse, _load([*first, _event("new", 2)]))
        built(asked, project, "fct_product_events")
        kept = before != [(0,)] and rows_of(asked, project, marked) == before
        asked.expect(kept, "rows of earlier loads to be left alone", got="wrote old rows again")


SNAPSHOT = "snapshots/plans_snapshot.yml"
PLANS = [(1, "solo", 5900, 1), (2, "duo", 9900, 2), (3, "family", 15900, 4), (4, "lunch", 3900, 1)]


def _price_list(plans: list[tuple]) -> Plant:
    def plant(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("create or replace table staging.stg_production__plans (plan_id bigint, plan_name varchar, "
                    "monthly_price_cents bigint, servings bigint)")
        con.executemany("insert into staging.stg_production__plans values (?, ?, ?, ?)", plans)
    return plant


def _snapshots(asked: CheckedFunction, project: DbtProject, text: str, *lists: list[tuple]) -> list[tuple]:
    """Take a snapshot of each of these price lists: id, name, price, servings and whether it holds, by version."""
    project.write(SNAPSHOT, text)
    for plans in lists:
        plant_into(project.warehouse, _price_list(plans))
        built(asked, project, "plans_snapshot", command="snapshot")
    return rows_of(asked, project, "select plan_id, plan_name, monthly_price_cents, servings, dbt_valid_to is null "
                                   "from staging.plans_snapshot")


@repeatable
def every_version_of_a_plan(function) -> None:
    asked = CheckedFunction(function, look="unique_key: what no other plan ever gets; check_cols; hard_deletes")
    changed = [(1, "solo", draw.randint(6000, 9000), 1), (3, "family", 15900, 5), (4, "midday", 3900, 1)]
    reused = (5, "solo", draw.randint(10500, 12900), 1)  # sold beside the old one, which its customers keep
    text = text_of(asked)
    kinds = {"a plan whose price changed": [1], "a plan that is gone": [2], "a plan whose servings changed": [3],
             "a plan whose name changed": [4], "a new plan with a name that another one has": [5]}
    with _planted(_price_list(PLANS)) as project:
        found = _snapshots(asked, project, text, PLANS, [*changed, reused])
        due = [(*plan, False) for plan in PLANS] + [(*plan, True) for plan in (*changed, reused)]
        columns = ["plan_id", "plan_name", "monthly_price_cents", "servings", "whether it holds"]
        expect_kinds(asked, "plans_snapshot", kinds, columns, found, due)
        again = _snapshots(asked, project, text, [*changed, reused])
        tell(asked, "plans_snapshot", "another snapshot, before which nothing changed")
        expect_rows(asked, again, found, "no version more, and none changed")


PRICED = "models/marts/fct_subscription_starts.sql"
TYPES = {"subscription_id": "bigint", "plan_id": "bigint", "started_at": "timestamp with time zone",
         "list_price_cents": "bigint"}


def _versions(con: duckdb.DuckDBPyConnection) -> None:
    """Plan 1 has had three prices, plan 2 one; plan 3 is gone; plan 4 was not sold in March, and cheaper afterwards.
    The newest stand first: no table promises an order."""
    con.execute("create table staging.plans_snapshot (plan_id bigint, plan_name varchar, monthly_price_cents bigint, "
                "servings bigint, dbt_scd_id varchar, dbt_updated_at timestamp, dbt_valid_from timestamp, "
                "dbt_valid_to timestamp)")
    con.execute("create table staging.stg_production__subscriptions (subscription_id bigint, household_id bigint, "
                "plan_id bigint, started_at timestamptz, ended_at timestamptz)")
    con.execute("create table staging.stg_production__plans as select 1 as plan_id, 'solo' as plan_name, "
                "cast(6900 as bigint) as monthly_price_cents, 1 as servings")
    for plan, price, begins, ends in (
        (1, 6900, "2026-05-01", None), (1, 5900, "2026-03-01 06:00", "2026-05-01"),
        (1, 4900, "2026-01-01", "2026-03-01 06:00"), (2, 9900, "2026-02-01", None),
        (3, 15900, "2026-01-01", "2026-02-01"), (4, 7900, "2026-04-01", None), (4, 8900, "2026-01-01", "2026-03-01"),
    ):
        con.execute("insert into staging.plans_snapshot values (?, 'x', ?, 1, ?, ?, ?, ?)",
                    [plan, price, f"{plan}-{begins}", begins, begins, ends])


def _started(con: duckdb.DuckDBPyConnection, starts: list[tuple]) -> None:
    for number, plan, at, _ in starts:
        con.execute("insert into staging.stg_production__subscriptions values (?, ?, ?, ?, null)",
                    [number, number + 100, plan, f"{at}+00"])


@repeatable
def prices_of_their_day(function) -> None:
    asked = CheckedFunction(function, look="dbt_valid_from is inclusive, dbt_valid_to is not, both are UTC; left join")
    day = draw.randint(10, 28)
    starts = {
        "by the first of three prices": (1, f"2026-02-{day} 12:00:00", 4900),
        "by the second of three prices": (1, f"2026-04-{day} 12:00:00", 5900),
        "by the price that holds": (1, "2026-06-30 23:00:00", 6900),
        "at the very moment of a change": (1, "2026-03-01 06:00:00", 5900),
        "a second before a change": (1, "2026-03-01 05:59:59", 4900),
        "of a plan with one price": (2, "2026-06-01 00:00:00", 9900),
        "of a plan that is gone, while it was sold": (3, "2026-01-15 00:00:00", 15900),
        "before the first of three prices": (1, "2025-11-30 12:00:00", 4900),
        "a second before the only price": (2, "2026-01-31 23:59:59", 9900),
        "at the very moment at which a plan went": (3, "2026-02-01 00:00:00", None),
        "of a plan that nobody knows": (8, "2026-04-01 00:00:00", None),
        "while a plan was not sold": (4, f"2026-03-{day} 12:00:00", None),
        "before a plan's first price, which is not its lowest": (4, "2025-12-01 00:00:00", 8900),
        "after a plan was sold again": (4, f"2026-04-{day} 12:00:00", 7900),
    }
    rows = [(number, *start) for number, start in enumerate(starts.values(), 1)]
    text = text_of(asked)
    with _planted(lambda con: (_versions(con), _started(con, rows))) as project:
        project.write(PRICED, text)
        built(asked, project, "fct_subscription_starts")
        expect_types(asked, project, "marts.fct_subscription_starts", TYPES)
        columns = ["subscription_id", "plan_id", "started_at", "list_price_cents"]
        found = rows_of(asked, project, "select subscription_id, plan_id, cast(epoch(started_at) as bigint), "
                                        "list_price_cents from marts.fct_subscription_starts")
        due = [(number, plan, int(datetime.fromisoformat(f"{at}+00:00").timestamp()), price)
               for number, plan, at, price in rows]
        kinds = {f"a start {told}": [number] for number, told in enumerate(starts, 1)}
        expect_kinds(asked, "fct_subscription_starts", kinds, columns, found, due)
