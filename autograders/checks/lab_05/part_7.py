"""Checks of Lab 5, parts 7 to 9: a macro, promises to readers, SQL in another dialect, what a change touches, old and
new names and rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import duckdb

from autograders.checks.lab_05.worlds import (
    Plant,
    built,
    expect_types,
    held_practice,
    plant_into,
    ran,
    rows_of,
    tell,
    text_of,
    warehouse,
)
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from autograders.undisturbed import undisturbed
from environments.stack.dbt_project import DbtProject
from environments.stack.warehouses import SEEDS

__all__ = ["a_broken_promise_is_refused", "a_change_is_followed_to_its_end", "both_names_for_a_while",
           "compared_in_both_directions", "copies_and_nulls_are_compared", "dollars_to_the_cent", "readers_are_named",
           "sql_that_means_the_same", "the_nearest_comes_first"]

LONG = 1500  # models in a row: more than Python calls itself by default
WIDE = 40    # pairs of models that all read the pair before: 2^40 paths
SHOWN = "models/marts/fct_shown.sql"


# 9 What a change touches

def _manifest(reads: dict[str, list[str]], disabled: dict[str, list[str]] | None = None) -> dict:
    """A manifest of dbt's form, of which node reads which."""
    nodes = dict.fromkeys([*reads, *(parent for parents in reads.values() for parent in parents)])
    homes = {"source": "sources", "exposure": "exposures", "unit_test": "unit_tests", "metric": "metrics",
             "semantic_model": "semantic_models"}
    manifest: dict = {"nodes": {}, "sources": {}, "exposures": {}, "unit_tests": {}, "metrics": {},
                      "semantic_models": {}}
    for id in nodes:
        manifest[homes.get(_kind(id), "nodes")][id] = _node(id, reads.get(id, []))
    manifest["disabled"] = {id: [_node(id, parents) | {"config": {"enabled": False}}]
                            for id, parents in (disabled or {}).items()}
    manifest["parent_map"] = {id: reads.get(id, []) for id in nodes}
    manifest["child_map"] = {id: sorted((child for child in nodes if id in reads.get(child, [])), reverse=True)
                             for id in nodes}
    return manifest


def _node(id: str, parents: list[str]) -> dict:
    return {"unique_id": id, "resource_type": _kind(id), "name": id.split(".")[2], "config": {"enabled": True},
            "depends_on": {"nodes": parents, "macros": []}}


def _kind(id: str) -> str:
    return id.partition(".")[0]


def _branching() -> tuple[dict, list[str]]:
    """A manifest with all kinds of nodes, and what is downstream of model.t.root, the nearest first."""
    tag = f"{draw.randrange(100, 1000)}"
    reads = {
        "model.t.root": ["source.t.raw.charges"], "model.t.other": ["source.t.raw.charges"],
        f"model.t.b{tag}": ["model.t.root"], f"model.t.a{tag}": [f"model.t.b{tag}"],
        # Of one round with models, and yet before them; and one that a long road leads to, and a short one.
        f"exposure.t.alarm{tag}": ["model.t.root"], "model.t.near": [f"model.t.a{tag}", "model.t.root"],
        "snapshot.t.kept": ["model.t.root"], "model.t.history": ["snapshot.t.kept", f"model.t.a{tag}"],
        # Two of one round, the first of them below the parent that comes second.
        "model.t.by_day": ["model.t.near"], "model.t.by_week": [f"model.t.b{tag}"],
        "test.t.unique_root.0f": ["model.t.root"], "test.t.equal.1f": ["model.t.other", f"model.t.a{tag}"],
        "unit_test.t.history.late_rows": ["model.t.history"],
        "semantic_model.t.churn": ["model.t.history"], "metric.t.churn": ["semantic_model.t.churn"],
        f"exposure.t.board{tag}": ["metric.t.churn", "model.t.other"],
        "exposure.t.elsewhere": ["model.t.other"],
    }
    due = [f"exposure.t.alarm{tag}", f"model.t.b{tag}", "model.t.near", "test.t.unique_root.0f", f"model.t.a{tag}",
           "model.t.by_day", "model.t.by_week", "model.t.history", "test.t.equal.1f", "unit_test.t.history.late_rows",
           f"exposure.t.board{tag}"]
    return _manifest(reads, {"model.t.retired": ["model.t.root"], "exposure.t.old": ["model.t.root"]}), due


@repeatable
def a_change_is_followed_to_its_end(function) -> None:
    asked = CheckedFunction(function, look="children of children, through every kind of node, until none are new")
    manifest, due = _branching()
    got = asked.items(manifest, "model.t.root", when="a model with marts, a snapshot, a metric and a board below it")
    for id in due:
        asked.expect(id in got, f"the {_kind(id)} that depends on it over others, or directly, too",
                     got=f"gave {len(got)} ids, without a {_kind(id)} that it touches")
    for id in got:
        asked.expect(id != "model.t.root", "no node that is downstream of itself", got="gave the node itself")
        asked.expect(id not in manifest["disabled"], "nothing that is disabled", got=f"gave {id}, which is disabled")
        asked.expect(id in due, "models, exposures, tests and unit tests downstream, nothing else", got=f"gave {id}")
    asked.expect(asked.items(manifest, "exposure.t.elsewhere", when="a dashboard, which nothing reads") == [], "[]")
    from_source = asked.items(manifest, "source.t.raw.charges", when="a source")
    asked.expect(len(set(from_source)) == len(due) + 3, "all that is downstream of a source",
                 got=f"gave {len(set(from_source))} ids")
    ended = asked.ended(manifest, "model.t.retired", when="a node that child_map does not have")
    asked.expect(isinstance(ended.error, KeyError), "a KeyError")


@repeatable
def the_nearest_comes_first(function) -> None:
    asked = CheckedFunction(function, look="go on in rounds: all children of one round, sorted, are the next; "
                                           "and visit each node once")
    manifest, due = _branching()
    got = asked.items(manifest, "model.t.root", when="a model with a graph below it")
    asked.expect(len(got) == len(set(got)), "each id once, also where two roads lead to it")
    order = [id for id in due if id in got]
    asked.expect([id for id in got if id in due] == order, "the nearest first, and those equally near by unique_id")
    chain = [f"model.t.m{place:04}" for place in range(LONG)]
    got = asked.items(_chained(chain), chain[0], when=f"the first of {LONG:,} models in a row")
    asked.expect(got == chain[1:], "all of the others, in their order", got=f"gave {len(got)} ids, or another order")
    got = asked.items(_ladder(), "model.t.a00", when=f"a model above {WIDE - 1} pairs of models, each reading both of "
                      "the pair before")
    asked.expect(len(got) == 2 * (WIDE - 1), "each of them once", got=f"gave {len(got)} ids")
    # So many pairs that no set is in order by luck: a mark may not change from one run to the next.
    asked.expect(got == sorted(got, key=lambda id: id[-2:] + id), "the nearer pair first, and of each pair a before b")


def _chained(chain: list[str]) -> dict:
    children = {id: [after] for id, after in zip(chain, chain[1:], strict=False)} | {chain[-1]: []}
    return _linked(children)


def _ladder() -> dict:
    pairs = [[f"model.t.{side}{place:02}" for side in "ab"] for place in range(WIDE)]
    return _linked({id: below for pair, below in zip(pairs, [*pairs[1:], []], strict=True) for id in pair})


def _linked(children: dict[str, list[str]]) -> dict:
    parents: dict[str, list[str]] = {id: [] for id in children}
    for id, below in children.items():
        for child in below:
            parents[child].append(id)
    return {"nodes": {id: _node(id, above) for id, above in parents.items()}, "sources": {}, "exposures": {},
            "unit_tests": {}, "metrics": {}, "disabled": {}, "parent_map": parents, "child_map": children}


# A column with two names

TEXT = """{{{{ config(materialized='table') }}}}
with lines as (
    -- paid: what came in
    select place, case when place = 2 then null else place * {factor} end as paid,
        '-- paid ' || place as paid_by
    from (values (1), (2), (3), (3)) as given (place)
)
select paid_by, paid, place, {{{{ 1 + 1 }}}} as unpaid from lines where place < 3
union all
select paid_by, paid, place, 2 from lines where place = 3 -- all of paid, from one till"""


@repeatable
def both_names_for_a_while(function) -> None:
    asked = CheckedFunction(function, look="leave the text as it is: put it on lines of its own into a CTE, and select "
                                           "from that")
    factor = draw.randrange(3, 90)
    before = TEXT.format(factor=factor)
    text = text_of(asked, "of a model with Jinja, a CTE, and a comment at its very end", (before, "paid", "settled"))
    with held_practice(SEEDS[0], built=True) as project:
        project.write(SHOWN, text)
        built(asked, project, "fct_shown")
        columns = rows_of(asked, project, "select column_name from information_schema.columns where table_schema = "
                          "'marts' and table_name = 'fct_shown' order by ordinal_position")
        names = ["paid_by", "paid", "place", "unpaid", "settled"]
        asked.expect([name for name, in columns] == names, f"the columns {', '.join(names)}",
                     got=f"made {', '.join(name for name, in columns)}")
        found = rows_of(asked, project, f"select {', '.join(names)} from marts.fct_shown order by place")
    third = ("-- paid 3", 3 * factor, 3, 2, 3 * factor)
    due = [("-- paid 1", factor, 1, 2, factor), ("-- paid 2", None, 2, 2, None), third, third]
    asked.expect(found == due, "the same rows, and in the new column the values of the old one",
                 got="gave other rows or values")


# Old and new compared

def _two_tables(old: list[tuple], new: list[tuple], kind: str) -> Plant:
    """marts.old (id, cents, note) and marts.new (note, number, usd_cents), with cents of this type."""
    def plant(con: duckdb.DuckDBPyConnection) -> None:
        con.execute(f"create schema marts; create table marts.old (id bigint, cents {kind}, note text);"
                    f"create table marts.new (note text, number bigint, usd_cents {kind})")
        for id, cents in old:
            con.execute("insert into marts.old values (?, ?, 'old')", [id, cents])
        for id, cents in new:
            con.execute("insert into marts.new values ('new', ?, ?)", [id, cents])
    return plant


def _compared(asked: CheckedFunction, old: list[tuple], new: list[tuple], due: tuple, when: str,
              kind: str = "bigint") -> None:
    with warehouse(_two_tables(old, new, kind)) as path:
        got = asked(str(path), "marts.old", "marts.new", {"id": "number", "cents": "usd_cents"}, when=when)
        asked.expect(type(got) is tuple and got == due, f"{due}, which is (missing, added)")
        asked.expect(all(_opens(path, read_only) for read_only in (False, True)), "nobody to hold the file",
                     got="left the file open")


def _opens(path: Path, read_only: bool) -> bool:
    """Whether DuckDB opens a file: it lets one that is open be opened once more in the same way only."""
    try:
        with undisturbed(), duckdb.connect(str(path), read_only=read_only) as con:
            con.execute("select 1")
        return True
    except duckdb.Error:
        return False


@repeatable
def compared_in_both_directions(function) -> None:
    asked = CheckedFunction(function, look="old except all new, and new except all old, of the columns given")
    rows = [(id, draw.randrange(1, 500)) for id in range(1, 8)]
    _compared(asked, rows, rows[::-1], (0, 0), "equal rows in another order, and a note that differs")
    _compared(asked, rows, rows[2:], (2, 0), "two rows gone")
    _compared(asked, rows[3:], rows, (0, 3), "three rows more")
    changed = [(id, cents + (id == 3)) for id, cents in rows]
    _compared(asked, rows, changed, (1, 1), "as many rows, one of them changed")


@repeatable
def copies_and_nulls_are_compared(function) -> None:
    asked = CheckedFunction(function, look="except drops copies, except all keeps them; and = is never true of NULL")
    row = (1, draw.randrange(1, 500))
    _compared(asked, [row, row, row, (2, 5)], [row, (2, 5)], (2, 0), "a row three times in old, once in new")
    _compared(asked, [row], [row, row], (0, 1), "a row once in old, twice in new")
    _compared(asked, [(1, None), (None, 7)], [(None, 7), (1, None)], (0, 0), "equal rows with NULL")
    _compared(asked, [(1, None)], [(1, 0)], (1, 1), "a NULL that became 0")
    _compared(asked, [(1, None)], [(1, "")], (1, 1), "a NULL that became an empty text", kind="text")
    _compared(asked, [(7, None)], [(None, 7)], (1, 1), "a NULL in the other column")
    _compared(asked, [(1, 23)], [(12, 3)], (1, 1), "other numbers with the same digits")


# 8 The same text in another dialect

MEANS = [  # a text, where it does not mean the same, and why
    ("select id from charges where amount > 0", (), "plain SQL"),
    ("SELECT  id\n\nFROM charges", (), "plain SQL with odd spaces and capitals"),
    ("select 1 as a; select 2 as b", (), "two plain statements"),
    ('select "id" from charges', ("bigquery",), "a name in double quotes"),
    ("select id from charges order by amount", ("bigquery",), "an order in which NULLs come last"),
    ("select id from charges order by amount desc", ("snowflake", "postgres"), "a descending order"),
    ("select amount // 100 as usd from charges", ("bigquery", "snowflake", "postgres"), "a division by //"),
    ("select id from charges where country = 'US'", (), "a text in capitals"),
    ("select cast(amount as varchar) as c from charges", ("postgres",), "a type with another name"),
    ("select amount / 100 as usd from charges", ("postgres",), "a division"),
    ("select 1 as a; select \"id\" from charges", ("bigquery",), "two statements, the second with double quotes"),
    ("select from where", ("bigquery", "snowflake", "postgres"), "what nobody can read"),
    ("select 'abc", ("bigquery", "snowflake", "postgres"), "a text without its end"),
]


@repeatable
def sql_that_means_the_same(function) -> None:
    asked = CheckedFunction(function, look="write for the dialect twice, read once as DuckDB's and once as its own; "
                                           "SqlglotError is above ParseError and TokenError")
    column = f"amount_{draw.randrange(10, 100)}"
    for sql, differs, what in MEANS:
        for dialect in ("bigquery", "snowflake", "postgres"):
            got = asked(sql.replace("amount", column), dialect, when=f"on {what}, for {dialect}")
            due = dialect not in differs
            why = "the same" if due else "two texts, or cannot read it as one of them"
            asked.expect(got is due, f"{due}: sqlglot writes {why}")
    got = asked(f"select regexp_replace({column}, 'a', 'b', 1, 2) as c from charges", "bigquery",
                when="on what sqlglot does not support, for bigquery")
    asked.expect(got is True, "True: sqlglot writes the same, with what it supports")


# 7 A macro worth having

DOLLARS = """select name, {{ in_dollars('paid') }} as column_usd, {{ in_dollars('paid - back') }} as less_usd,
    {{ in_dollars("paid - back") }} * 2 as twice_usd,
    {{ in_dollars("case when paid > 0 then paid else back end") }} as case_usd,
    {{ in_dollars('paid') }}::varchar as text_usd
from (values %s) as given (name, paid, back)"""


@repeatable
def dollars_to_the_cent(function) -> None:
    asked = CheckedFunction(function, look="parentheses around what is pasted; and / gives a DOUBLE, where * 0.01 of a "
                                           "decimal is exact")
    given = [("small", 1, 0), ("large", 9007199254740993, 2), ("minus", -draw.randrange(101, 199), 50),
             ("little", -draw.randrange(1, 49), 50), ("some", draw.randrange(10_000, 99_999), draw.randrange(1, 99))]
    text = text_of(asked, "called as in_dollars('paid - back') and the like")
    with held_practice(SEEDS[0], built=True) as project:
        project.write("macros/in_dollars.sql", text)
        rows = ", ".join(f"('{name}', {paid}::bigint, {back}::bigint)" for name, paid, back in given)
        project.write(SHOWN, DOLLARS % (rows + ", ('nothing', null, 1)"))
        built(asked, project, "fct_shown")
        expect_types(asked, project, "marts.fct_shown", {"column_usd": "decimal(18,2)", "less_usd": "decimal(18,2)"})
        found = {row[0]: row[1:] for row in rows_of(asked, project, "from marts.fct_shown")}
    due = {name: tuple(Decimal(cents).scaleb(-2) for cents in (paid, paid - back, 2 * (paid - back),
                                                               paid if paid > 0 else back))
           for name, paid, back in given}
    due = {name: (*cents, str(cents[0])) for name, cents in due.items()}
    for name, when in (("small", "one cent"), ("large", "16 digits"), ("minus", "less than nothing"),
                       ("little", "some cents less than nothing"), ("some", "some")):
        for place, what in enumerate(("a column", "a difference", "twice a difference", "a case expression",
                                       "a column as a text")):
            asked.expect(found[name][place] == due[name][place], f"{due[name][place]} for {what} of {when}",
                         got=f"gave {found[name][place]}")
    asked.expect(found["nothing"][:3] == (None, None, None), "NULL for NULL", got=f"gave {found['nothing'][:3]}")


# Who reads, and what they may rely on

SHEET = "models/marts/fct_dollars.sql"
SHEET_YAML = "models/marts/_fct_dollars.yml"
KEPT = "select month, cast(net_revenue_cents * 0.01 as decimal(18, 2)) as kept_usd from {{ ref('fct_net_revenue') }}"
BROKEN = {
    "a column with another name": KEPT.replace("kept_usd", "kept_dollars"),
    "a double in the place of the decimal": KEPT.replace("decimal(18, 2)", "double"),
    "a column more": KEPT.replace("kept_usd", "kept_usd, 1 as orders"),
}


@contextmanager
def _sheet(asked: CheckedFunction) -> Iterator[tuple[DbtProject, list[tuple]]]:
    """A project with the student's YAML, whose warehouse has one mart alone, changed as no build would; and what is
    due of fct_dollars, which reads it."""
    text, extra = text_of(asked, "as a file of the project"), draw.randrange(1_000, 9_000)

    def plant(con: duckdb.DuckDBPyConnection) -> None:
        others = con.execute("select table_name from information_schema.tables where table_schema = 'marts' "
                             "and table_name <> 'fct_net_revenue'").fetchall()
        for name, in others:
            con.execute(f"drop table marts.{name}")
        con.execute(f"update marts.fct_net_revenue set net_revenue_cents = net_revenue_cents + {extra}")

    with held_practice(SEEDS[0], built=True) as project:
        plant_into(project.warehouse, plant)
        due = [(month, Decimal(cents).scaleb(-2)) for month, cents in
               rows_of(asked, project, "select month, net_revenue_cents from marts.fct_net_revenue order by month")]
        project.write(SHEET, KEPT)
        project.write(SHEET_YAML, text)
        yield project, due


@repeatable
def readers_are_named(function) -> None:
    asked = CheckedFunction(function, look="exposures:, with name, type, owner and depends_on, a list of ref(...)")
    with _sheet(asked) as (project, due):
        built(asked, project, "1+exposure:accountant_sheet")
        tell(asked, "sheet_promises", "a run of what accountant_sheet depends on")
        marts = rows_of(asked, project, "select table_name from information_schema.tables "
                                        "where table_schema = 'marts' order by 1")
        asked.expect(marts == [("fct_dollars",), ("fct_net_revenue",)], "it to build fct_dollars, and no other mart",
                     got=f"left the marts {', '.join(name for name, in marts)}")
        found = rows_of(asked, project, "select month, kept_usd from marts.fct_dollars order by month")
        asked.expect(found == due, "fct_dollars made from fct_net_revenue as it was", got="built that again, too")


@repeatable
def a_broken_promise_is_refused(function) -> None:
    asked = CheckedFunction(function, look="config: {contract: {enforced: true}}, and each column with its data_type")
    with _sheet(asked) as (project, due):
        built(asked, project, "fct_dollars")
        table = "select month, kept_usd from marts.fct_dollars order by month"
        columns = ("select column_name from information_schema.columns where table_schema = 'marts' "
                   "and table_name = 'fct_dollars' order by 1")
        asked.expect(rows_of(asked, project, table) == due, "a right model to be built")
        for broken, text in BROKEN.items():
            project.write(SHEET, text)
            ran(asked, project, "run", select="fct_dollars")
            tell(asked, "sheet_promises", f"a run of the model with {broken}")
            expect_types(asked, project, "marts.fct_dollars", {"month": "date", "kept_usd": "decimal(18,2)"})
            stays = (rows_of(asked, project, columns) == [("kept_usd",), ("month",)]
                     and rows_of(asked, project, table) == due)
            asked.expect(stays, "the table to stay as it was", got="replaced the table")
