"""Checks of Lab 5, parts 1 to 3: a warehouse from production, its published copy, sources and staging."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import orjson

from autograders.checks.lab_05.renames import renames
from autograders.checks.lab_05.worlds import (
    built,
    expect_kinds,
    expect_types,
    microseconds,
    plant_into,
    project_with,
    ran,
    rows_in,
    rows_of,
    text_of,
    warehouse,
)
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from autograders.undisturbed import undisturbed
from environments.errors import TookTooLong
from environments.stack.dbt_project import WAREHOUSE
from environments.stack.warehouses import SEEDS
from environments.templates import unprepared
from environments.waiting import wait_until

__all__ = ["bulk_is_fast", "charges_in_their_newest_version", "charges_on_the_companys_days", "events_out_of_json",
           "publishing_is_all_or_nothing", "readers_get_the_marts", "sources_say_when_they_are_stale",
           "tables_arrive_whole", "twice_is_once"]

CHARGES = "models/staging/stripe/stg_stripe__charges.sql"
EVENTS = "models/staging/mixpanel/stg_mixpanel__recipe_events.sql"
SOURCES = "models/staging/production/_production__sources.yml"


# 1 A warehouse from production

TYPES = {"id": "bigint", "price": "decimal(38,9)", "moment": "timestamp with time zone", "tags": "varchar[]",
         "note": "varchar", "paid": "boolean", "day": "date"}
DUE = [
    (1, Decimal("12345678901234567890.123456789"), datetime(2026, 3, 8, 7, 30, tzinfo=UTC), ["a", 'b "c", d', None],
     "two\nlines,\r\nthree, 'and' \"quotes\" \u2028", True, datetime(2026, 2, 28).date()),
    (9007199254740993, Decimal("0.100000000"), datetime(2026, 7, 1, 0, 0, 0, 123456, tzinfo=UTC), [], "", False, None),
    (3, None, None, None, None, None, datetime(1999, 12, 31).date()),
    (4, None, None, None, "NULL", None, None),
    (5, None, None, None, r"\N", None, None),
]


@contextmanager
def _production(asked: CheckedFunction) -> Iterator[tuple]:
    """A server with a table of odd values, and the path of a warehouse with an empty schema raw."""
    with unprepared() as (server, _), warehouse(lambda con: con.execute("create schema raw")) as path:
        server.execute("create table odd_things (day date, kept_out text default 'x', id bigint, price numeric, "
                       "moment timestamptz, tags text[], note text, paid boolean)")
        for row in DUE:
            server.execute("insert into odd_things (id, price, moment, tags, note, paid, day) "
                           "values (%s, %s, %s, %s, %s, %s, %s)", row)
        yield server, str(path)


def _kept(asked: CheckedFunction, path: str, sql: str) -> list[tuple]:
    return rows_in(asked, path, sql, "the table in the schema raw of the warehouse, which nobody holds open")


def _expect_closed(asked: CheckedFunction, server) -> None:
    """That the server has nobody connected: who has left is gone in a moment."""
    nobody = ("select count(*) = 0 from pg_stat_activity "
              "where backend_type = 'client backend' and pid <> pg_backend_pid()")
    try:
        wait_until(lambda: server.value(nobody), within=5, awaited="connections to end", fair=True)
        left = False
    except TookTooLong:
        left = True
    asked.expect(not left, "nothing to stay open", got="left a connection to PostgreSQL open")


COPIES = "select id, cast(price as varchar), epoch_us(moment), tags, note, paid, day from raw.production_odd_things"


def _due(rows: list[tuple]) -> list[tuple]:
    return [(id, None if price is None else f"{price:.9f}", None if at is None else microseconds(at), *rest)
            for id, price, at, *rest in rows]


@repeatable
def tables_arrive_whole(function) -> None:
    asked = CheckedFunction(function, look="copy ... to stdout (format csv), array_to_json for an array; and read_csv "
                                           "with nullstr = '', allow_quoted_nulls = false, columns of your own")
    with _production(asked) as (server, path):
        got = asked(server, path, "odd_things", dict(TYPES), when=f"on a table of {len(DUE)} rows with NULLs, an "
                    "empty text, the text NULL, an array, 38 digits and microseconds")
        _expect_closed(asked, server)
        asked.expect(got == len(DUE), f"{len(DUE)}, how many rows it has")
        found = _kept(asked, path, "select lower(column_name), lower(data_type) from information_schema.columns "
                                   "where table_name = 'production_odd_things' order by ordinal_position")
        asked.expect(found == list(TYPES.items()), f"the columns and types as given: {TYPES}", got=f"made {found}")
        kept = _kept(asked, path, COPIES)
        for name, place in (("id", 0), ("price", 1), ("moment", 2), ("tags", 3), ("note", 4), ("paid", 5), ("day", 6)):
            values = sorted((row[0], row[place]) for row in kept)
            due = sorted((row[0], row[place]) for row in _due(DUE))
            asked.expect(values == due, f"each value of the column {name} as production has it",
                         got=f"changed the column {name}")


@repeatable
def twice_is_once(function) -> None:
    asked = CheckedFunction(function, look="create or replace table; and what else is in the warehouse is not yours")
    with _production(asked) as (server, path):
        with undisturbed(), duckdb.connect(path) as con:
            con.execute("create table raw.production_plans as select 1 as mine")
        asked(server, path, "odd_things", dict(TYPES), when="the first time")
        server.execute("delete from odd_things where id = 3")
        server.execute("update odd_things set note = 'new' where id = 1")
        got = asked(server, path, "odd_things", dict(TYPES), when="again, after a row was deleted and one changed")
        left = len(DUE) - 1
        asked.expect(got == left, f"{left}, how many rows it has now")
        kept = _kept(asked, path, "select count(*), count(*) filter (note = 'new') from raw.production_odd_things")
        asked.expect(kept == [(left, 1)], "the rows that production has now, and no others",
                     got=f"left {kept[0][0]} rows, or older ones")
        asked.expect(_kept(asked, path, "select mine from raw.production_plans") == [(1,)],
                     "other tables to stay as they are", got="changed another table")
        asked(server, path, "odd_things", {"note": "varchar", "id": "bigint"}, when="again, with two columns only")
        kept = _kept(asked, path, "select * from raw.production_odd_things order by id")
        asked.expect([row[1:] for row in kept] == [(1,), (4,), (5,), (9007199254740993,)],
                     "those two columns, in that order", got="left the columns of before")
        asked(server, path, "odd_things", {"note": "varchar", "id": "decimal(20,0)"}, when="again, with another type")
        kept = _kept(asked, path, "select distinct typeof(id) from raw.production_odd_things")
        asked.expect(kept == [("DECIMAL(20,0)",)], "id as the decimal(20,0) that was asked for",
                     got="left the type of before")
        server.execute("delete from odd_things")
        got = asked(server, path, "odd_things", dict(TYPES), when="once more, where the table is empty now")
        asked.expect(got == 0 and _kept(asked, path, COPIES) == [], "0, and an empty table")


@repeatable
def bulk_is_fast(function) -> None:
    asked = CheckedFunction(function, look="one COPY for all rows and one statement of DuckDB: none for each row")
    rows = draw.randint(150_000, 160_000)
    with _production(asked) as (server, path):
        server.execute("create table many as select n as id, n %% 100 * 1.5 as price from generate_series(1, %s) n",
                       [rows])
        got = asked(server, path, "many", {"id": "bigint", "price": "decimal(10,1)"},
                    when=f"on a table of {rows:,} rows, in 10 s", within=10)
        asked.expect(got == rows, f"{rows}, how many rows it has")
        asked.expect(_kept(asked, path, "select count(distinct id), sum(price) from raw.production_many")
                     == [(rows, sum(Decimal(n % 100) * 3 / 2 for n in range(1, rows + 1)))], "all of them, each once",
                     got="loaded other rows")


# The published copy

MARTS = """
create schema raw; create schema staging; create schema marts; create schema audit;
create table audit.failures as select 1 as row_number;
create table raw.secrets as select 'ada@example.com' as email;
create view staging.stg_months as select range as month, range * {factor} as cents,
    case when range > 0 then 12345678901234567.89 end as rate from range(5);
create table marts.fct_mrr as select * from staging.stg_months;
create view marts.mrr_now as select max(cents) as cents from staging.stg_months;
"""


@contextmanager
def _marts(factor: int) -> Iterator[tuple[Path, Path]]:
    """A warehouse with a table and a view in marts, and the folder for the copy."""
    with tempfile.TemporaryDirectory(prefix="labs-warehouse-") as folder:
        Path(folder).chmod(0o777)
        shelf = Path(folder) / "public"
        shelf.mkdir()
        shelf.chmod(0o777)
        path = Path(folder) / WAREHOUSE
        _write(path, factor)
        yield path, shelf


def _write(path: Path, factor: int, change: str = "") -> list[bytes]:
    """Make the warehouse, never open one that an answer had in its hands. What its files hold: the last change of raw
    stands in the log beside it, which the first to open it to write puts into the file."""
    files = path, path.with_name(f"{path.name}.wal")
    with undisturbed():
        for file in files:
            file.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as con:
            con.execute(MARTS.format(factor=factor) + change)
            con.execute("checkpoint; pragma disable_checkpoint_on_shutdown")
            con.execute("insert into raw.secrets values ('grace@example.com')")
        for file in files:
            file.chmod(0o666)
        return _content(path)


def _content(path: Path) -> list[bytes]:
    """What a warehouse's files hold: its own, and the log beside it."""
    return [file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*"))]


NAMES = "select table_schema, table_name, table_type from information_schema.tables order by all"
COPY = [("marts", "fct_mrr", "BASE TABLE"), ("marts", "mrr_now", "BASE TABLE")]
RATES = "select min(rate)::varchar, count(rate), any_value(typeof(rate)) from marts.fct_mrr"


@repeatable
def readers_get_the_marts(function) -> None:
    asked = CheckedFunction(function, look="create table ... as from, also for a view: what it reads is not published")
    factor = draw.randint(100, 900)
    with _marts(factor) as (path, shelf):
        public = shelf / "public.duckdb"
        for when in ("the first time", "again, the same"):
            asked(str(path), str(public), when=f"on a warehouse with a table and a view in marts, {when}")
            found = _kept(asked, str(public), NAMES)
            asked.expect(found == COPY, "the marts alone, each as a table", got=f"published {found}")
            asked.expect(_kept(asked, str(public), "select cents from marts.mrr_now") == [(4 * factor,)]
                         and _kept(asked, str(public), "select sum(cents) from marts.fct_mrr") == [(10 * factor,)],
                         "the rows of the marts", got="published other rows")
            asked.expect(_kept(asked, str(public), RATES) == [("12345678901234567.89", 4, "DECIMAL(19,2)")],
                         "each column with its type and all digits", got="published other values of a decimal")
        written = _write(path, factor, "drop view marts.mrr_now; update marts.fct_mrr set cents = 1")
        asked(str(path), str(public), when="where a mart is gone and another has changed")
        asked.expect(_content(path) == written, "`warehouse` to be only read, so opened or attached read_only",
                     got="wrote into the warehouse")
        asked.expect(_kept(asked, str(public), NAMES) == COPY[:1], "the marts of now, no longer the one that is gone",
                     got="left what is gone")
        asked.expect(_kept(asked, str(public), "select sum(cents) from marts.fct_mrr") == [(5,)],
                     "the rows of now", got="left the rows of before")
        left = sorted(os.listdir(shelf))
        asked.expect(left == ["public.duckdb"], "one file", got=f"left the files {', '.join(left)}")


@repeatable
def publishing_is_all_or_nothing(function) -> None:
    asked = CheckedFunction(function, look="write beside it, in the same folder, close, then os.replace; what is left "
                                           "of a draft goes in `finally`")
    factor = draw.randint(100, 900)
    with _marts(factor) as (path, shelf):
        public = shelf / "public.duckdb"
        asked(str(path), str(public), when="the first time")
        before = _kept(asked, str(public), "from marts.fct_mrr")
        with open(public, "rb") as reader:
            content = public.read_bytes()
            _write(path, factor, "update marts.fct_mrr set cents = cents + 1")
            with renames(shelf) as open_still:
                asked(str(path), str(public), when="while a reader has the last copy open")
                asked.expect(not open_still(public.name), "the new file to be closed before it is renamed: till then "
                             "DuckDB lets no other process in", got="renamed a file that it had open still")
            asked.expect(os.fstat(reader.fileno()).st_ino != public.stat().st_ino and reader.read() == content,
                         "the reader's file to stay as it was: the new one takes its name",
                         got="changed the file that the reader has open")
        after = _kept(asked, str(public), "from marts.fct_mrr")
        asked.expect(after != before, "the new rows for who opens it next", got="left the rows of before")
        content = public.read_bytes()
        _write(path, factor, "create view marts.zz_broken as select error('no rate of exchange') as cents; "
                                  "update marts.fct_mrr set cents = 0")
        ended = asked.ended(str(path), str(public), when="where one mart is a view that ends in an error")
        asked.expect(ended.error is not None, "the error to come out", got="ended as if all were well")
        asked.expect(public.is_file() and public.read_bytes() == content, "the last copy to stay as it was",
                     got="changed the copy although it could not finish")
        left = sorted(os.listdir(shelf))
        asked.expect(left == ["public.duckdb"], "no half-written draft to be left",
                     got=f"left the files {', '.join(left)}")
        _write(path, factor, "update marts.fct_mrr set cents = 0")
        folder = shelf / "folder.duckdb"
        (folder / "kept").mkdir(parents=True)
        ended = asked.ended(str(path), str(folder), when="where `public` is a folder, whose name no file can take")
        asked.expect(ended.error is not None and (folder / "kept").is_dir(), "the error of os.replace to come out",
                     got="ended as if all were well")
        left = sorted(os.listdir(shelf))
        asked.expect(left == ["folder.duckdb", "public.duckdb"], "no draft to be left",
                     got=f"left the files {', '.join(left)}")
        asked(str(path), str(public), when="once that is mended")
        asked.expect({row[1] for row in _kept(asked, str(public), "from marts.fct_mrr")} == {0}, "the rows of now",
                     got="left the rows of before")


# 2 Sources

NIGHTLY = ("households", "people", "subscriptions", "orders", "order_items")
RARELY = ("plans", "recipes")
FRESHNESS = {"pass": "fresh", "warn": "a warning", "error": "an error", "runtime error": "no table or column to ask"}


@repeatable
def sources_say_when_they_are_stale(function) -> None:
    asked = CheckedFunction(function, look="warn_after and error_after of the source hold for each table, unless the "
                                           "table has its own; error_after: null takes one away")
    text = text_of(asked, when="as a file of the project")
    ages = [*draw.sample([26, 27, 50, 51, 60], 5), *draw.sample([8 * 24, 8 * 24 + 1], 2)]
    hours = dict(zip((*NIGHTLY, *RARELY), ages, strict=True))

    def age(con) -> None:  # as `hours` has it then, less 5 minutes, which a slow machine may take until it asks
        for table, old in hours.items():
            con.execute(f"update raw.production_{table} set _loaded_at = cast(? as timestamp)",
                        [datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=old, minutes=-5)])

    with project_with(SEEDS[0], age) as project:
        project.write(SOURCES, text)
        asked.call = "production_sources() in the project, and dbt source freshness"
        run = ran(asked, project, "source", "freshness", select="source:production")
        asked.expect(bool(run.nodes), "the seven tables of the source production",
                     got=f"dbt says: {run.why()}" if run.error else "asked no table how old it is")
        found = {node.name: node.status for node in run.nodes}
        for table, old in hours.items():
            due = _freshness(table, old)
            asked.expect(found.get(table) == due, f"{FRESHNESS[due]}, where {table} was loaded 5 minutes less than "
                         f"{old} hours ago",
                         got=f"{table}: {FRESHNESS.get(found.get(table, ''), 'not asked how old it is')}")
        asked.expect(found.keys() == hours.keys(), f"the tables {', '.join(hours)}",
                     got=f"has the tables {', '.join(found)}")
        hours = dict.fromkeys(RARELY, 24 * draw.randint(300, 500))
        plant_into(project.warehouse, age)
        run = ran(asked, project, "source", "freshness", select="source:production.plans source:production.recipes")
        for table, old in hours.items():
            found = next((node.status for node in run.nodes if node.name == table), "")
            asked.expect(found == "warn", f"a warning, where {table} was loaded {old // 24} days ago",
                         got=f"{table}: {FRESHNESS.get(found, 'not asked how old it is')}")


def _freshness(table: str, hours: int) -> str:
    if table in RARELY:
        return "warn" if hours > 8 * 24 else "pass"
    return "error" if hours > 50 else "warn" if hours > 26 else "pass"


# 3 Staging: charges

def _versions(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Append versions to some charges, as a loader in append mode does; the ids by what happened to them."""
    ids = [id for id, in con.execute("select id from raw.stripe_charges order by id").fetchall()]
    draw.shuffle(ids)
    con.execute("update raw.stripe_charges set _version = 10")
    add = ("insert into raw.stripe_charges select * replace (? as _version, _loaded_at + to_hours(?) as _loaded_at, "
           "amount + ? as amount, ? as _deleted, ? as status) from raw.stripe_charges where id = ? limit 1")
    for id in ids[:9]:
        con.execute(add, [9, 2, 500, False, "pending", id])
    for id in ids[6:15]:
        con.execute(add, [11, -3, -100, False, "succeeded", id])
    for id in ids[20:26]:
        con.execute(add, [10, 5, 7, False, "succeeded", id])
    for id in ids[30:36]:
        con.execute(add, [10, 0, 0, False, "succeeded", id])
        con.execute("update raw.stripe_charges set status = 'succeeded' where id = ?", [id])
    for id in ids[40:46]:
        con.execute(add, [12, 6, 0, True, "succeeded", id])
    for id in ids[50:56]:
        con.execute(add, [8, -6, 0, True, "succeeded", id])
    con.execute("""update raw.stripe_charges set _payload = json_merge_patch(_payload, '{"metadata": null}')
                   where id in (select unnest(?))""", [ids[60:63]])
    con.execute("""insert into raw.stripe_charges select * replace (11 as _version, null as customer,
                   json_merge_patch(_payload, '{"metadata": null}') as _payload)
                   from raw.stripe_charges where id in (select unnest(?))""", [ids[64:67]])
    return {"an older version was loaded later": ids[:6], "of three versions the newest was loaded first": ids[6:9],
            "a newer version was loaded earlier": ids[9:15], "the same version was loaded once more": ids[20:26],
            "two equal rows": ids[30:36], "the newest version is deleted": ids[40:46],
            "an older version is deleted": ids[50:56], "no metadata in the payload": ids[60:63],
            "the newest version has no customer and no metadata": ids[64:67]}


NEWEST = """
select id, customer, cast(_payload ->> '$.metadata.order_id' as bigint), status, paid, amount,
       cast(cast(amount as decimal(18, 2)) / 100 as decimal(12, 2)), currency, epoch_us(created)
from raw.stripe_charges
qualify row_number() over (partition by id order by _version desc, _loaded_at desc) = 1 and not _deleted"""
CHARGE_TYPES = {"charge_id": "varchar", "customer_id": "varchar", "order_id": "bigint", "status": "varchar",
                "is_paid": "boolean", "amount": "bigint", "amount_major": "decimal(12,2)", "currency": "varchar",
                "created_at": "timestamp with time zone", "created_on": "date"}


@repeatable
def charges_in_their_newest_version(function) -> None:
    asked = CheckedFunction(function, look="row_number() over (partition by id order by _version desc, _loaded_at "
                                           "desc), and only then _deleted")
    text = text_of(asked, when="with up to three versions of a charge in raw, some of them deleted")
    kinds: dict[str, list[str]] = {}
    with project_with(draw.choice(SEEDS), lambda con: kinds.update(_versions(con))) as project:
        due = rows_of(asked, project, NEWEST)
        project.write(CHARGES, text)
        built(asked, project, "stg_stripe__charges")
        expect_types(asked, project, "staging.stg_stripe__charges", CHARGE_TYPES)
        columns = list(CHARGE_TYPES)[:8]
        found = rows_of(asked, project, f"select {', '.join(columns)} from staging.stg_stripe__charges")
        asked.expect(len(found) == len({row[0] for row in found}), "one row per charge",
                     got=f"gave {len(found)} rows of {len({row[0] for row in found})}")
        expect_kinds(asked, "stg_stripe__charges", kinds, columns, found, due)


MOMENTS = ("2026-07-01 03:59:59", "2026-07-01 04:00:00", "2026-01-01 04:59:59", "2026-01-01 05:00:00",
           "2025-11-02 05:59:59", "2026-03-08 07:00:00", "2026-03-09 03:30:00")


@repeatable
def charges_on_the_companys_days(function) -> None:
    asked = CheckedFunction(function, look="created is UTC and does not say so: at time zone 'UTC' makes a moment of "
                                           "it, at time zone 'America/New_York' a clock there")
    text = text_of(asked, when="on charges around midnight in New York")

    def plant(con) -> None:
        ids = [id for id, in con.execute("select id from raw.stripe_charges order by id").fetchall()]
        for id, moment in zip(draw.sample(ids, len(MOMENTS)), MOMENTS, strict=True):
            con.execute("update raw.stripe_charges set created = cast(? as timestamp) where id = ?", [moment, id])

    with project_with(draw.choice(SEEDS), plant) as project:
        moments = rows_of(asked, project, "select id, epoch_us(created) from raw.stripe_charges where not _deleted")
        dates = rows_of(asked, project, "select id, cast(created at time zone 'UTC' at time zone 'America/New_York' as "
                                        "date) from raw.stripe_charges where not _deleted")
        project.write(CHARGES, text)
        built(asked, project, "stg_stripe__charges")
        expect_types(asked, project, "staging.stg_stripe__charges", CHARGE_TYPES)
        found = rows_of(asked, project, "select charge_id, epoch_us(created_at) from staging.stg_stripe__charges")
        asked.expect(sorted(found) == sorted(moments), "created_at to be the moment that raw.created is in UTC",
                     got="moved some charges to another moment")
        found = rows_of(asked, project, "select charge_id, created_on from staging.stg_stripe__charges")
        wrong = len(set(found) - set(dates))
        asked.expect(sorted(found) == sorted(dates), "created_on to be the date in New York at that moment",
                     got=f"put {wrong} charges on another date")


# Staging: events

EVENT_TYPES = {"event_id": "varchar", "event_name": "varchar", "user_id": "varchar", "recipe_id": "bigint",
               "platform": "varchar", "occurred_at": "timestamp with time zone",
               "received_at": "timestamp with time zone", "local_date": "date"}
ODD = {
    "recipe_id 17 in quotes": {"recipe_id": "17"}, "recipe_id null": {"recipe_id": None},
    "recipe_id n/a": {"recipe_id": "n/a"}, "before the sign-up": {"recipe_id": 5, "$user_id": None},
    "platform in capitals": {"recipe_id": 6, "platform": "iOS"},
    "a night that is the day before by the user's clock": {
        "recipe_id": 7, "time": 1782878399, "utc_offset_minutes": -420},
    "midnight by the user's clock": {"recipe_id": 11, "time": 1782889200, "utc_offset_minutes": -420},
    "a second before that": {"recipe_id": 12, "time": 1782889199, "utc_offset_minutes": -420},
    "midnight in UTC": {"recipe_id": 8, "time": 1782864000, "utc_offset_minutes": 0},
    "half an hour beside a whole one": {"recipe_id": 9, "time": 1782845100, "utc_offset_minutes": 330},
    "recipe_id 17.5": {"recipe_id": 17.5}, "recipe_id 16.5 in quotes": {"recipe_id": "16.5"},
    "received at 987 thousandths": {"recipe_id": 10, "mp_processing_time_ms": 1782852628987},
    "recipe_id of 16 digits": {"recipe_id": 9007199254740993}, "recipe_id true": {"recipe_id": True},
    "without a recipe_id": {"recipe_id": ...},
}
CAME_TWICE = ("platform in capitals", "before the sign-up")


def _odd_events(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Events whose columns say something else than their payload, which alone counts; the keys by what is odd."""
    keys = [key for key, in con.execute("select _key from raw.mixpanel_export order by _key").fetchall()]
    kinds = {told: [key] for told, key in zip(ODD, draw.sample(keys, len(ODD)), strict=True)}
    for told, (key,) in kinds.items():
        payload = orjson.loads(con.execute("select _payload from raw.mixpanel_export where _key = ?",
                                           [key]).fetchall()[0][0])
        changed = payload["properties"] | ODD[told]
        payload["properties"] = {name: value for name, value in changed.items() if value is not ...}
        con.execute("update raw.mixpanel_export set _payload = ? where _key = ?", [orjson.dumps(payload).decode(), key])
    twice = [kinds[told][0] for told in CAME_TWICE]
    con.execute("insert into raw.mixpanel_export select * replace ('again ' || _key as _key) from raw.mixpanel_export "
                "where _key in (select unnest(?))", [twice])
    return kinds | {"two rows with the same payload": [*twice, *(f"again {key}" for key in twice)]}


def _recipe_events(rows: list[tuple]) -> list[tuple]:
    """What is due, from keys and payloads."""
    due = []
    for key, text in rows:
        payload = orjson.loads(text)
        event = payload["properties"]
        recipe = str(event.get("recipe_id"))
        if recipe.isdecimal():
            moment = event["time"]
            local = datetime.fromtimestamp(moment + 60 * event["utc_offset_minutes"], UTC).date()
            due.append((key, payload["event"], event.get("$user_id"), int(recipe), event["platform"].lower(),
                        moment * 1_000_000, event["mp_processing_time_ms"] * 1000, local))
    return due


@repeatable
def events_out_of_json(function) -> None:
    asked = CheckedFunction(function, look="json_text('_payload', ['properties', ...]); time is in seconds, "
                                           "mp_processing_time_ms in thousandths; try_cast rounds what is not whole")
    text = text_of(asked, when="on events of the website")
    kinds: dict[str, list[str]] = {}
    with project_with(draw.choice(SEEDS), lambda con: kinds.update(_odd_events(con))) as project:
        due = _recipe_events(rows_of(asked, project, "select _key, _payload from raw.mixpanel_export"))
        project.write(EVENTS, text)
        built(asked, project, "stg_mixpanel__recipe_events")
        relation = "staging.stg_mixpanel__recipe_events"
        expect_types(asked, project, relation, EVENT_TYPES)
        shown = [f"epoch_us({column})" if column.endswith("_at") else column for column in EVENT_TYPES]
        found = rows_of(asked, project, f"select {', '.join(shown)} from {relation}")
        expect_kinds(asked, "stg_mixpanel__recipe_events", kinds, list(EVENT_TYPES), found, due)
