"""The reference dbt project on other warehouses: run on PostgreSQL, and compiled alone for Snowflake and BigQuery."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import psycopg
import pytest
import sqlglot
import yaml
from sqlglot import exp

from datasets.world import World
from environments.errors import LabsError
from environments.postgres import Server
from environments.stack.dbt_project import REFERENCE, DbtProject
from environments.stack.elsewhere import Neighbour
from environments.stack.landing import land
from environments.stack.warehouses import DAYS, VARIED, practice
from tests.compiled_for import compiled_for

MODELS = sorted(file.stem for file in REFERENCE.glob("models/**/*.sql"))
MARTS = sorted(file.stem for file in REFERENCE.glob("models/marts/*.sql"))
# Functions that sqlglot passes on, because it has no word of its own for them, and Snowflake has under these names.
SNOWFLAKES = {"AS_OBJECT", "OBJECT_DELETE", "TO_TIMESTAMP"}
# That NULLs come last, as in DuckDB, cannot be said there; none of these models has a NULL to sort.
WITHOUT_NULLS = {("bigquery", "fct_mrr_movements")}
WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")
ODD = """create schema raw;
create table raw.odd (id bigint, n decimal(12, 2), moment timestamptz, day date, words varchar[], note varchar,
                      flag boolean, doc json);
insert into raw.odd values
    (1, 1234567890.12, '2026-03-29 00:30:00+00', '2026-03-29', ['a,b', null, 'c"d', ''], 'tab	and
line \\.', true, '{"a": [1]}'),
    (2, null, null, null, null, '', null, null), (3, null, null, null, [], null, false, null)"""

pytestmark = pytest.mark.usefixtures("shared_templates")


@pytest.fixture(scope="module")
def server(reachable_tmp):
    with Server.create(reachable_tmp / "neighbour" / "server") as server:
        yield server


@pytest.fixture
def neighbour(server):
    """A database for one test."""
    yield Neighbour.on(server)
    server.execute("drop database warehouse", database="postgres")
    server.execute("drop role dbt", database="postgres")


def differing(project: DbtProject, neighbour: Neighbour, models: list[str]) -> list[str]:
    """The models whose rows are not the same in both warehouses, or that have none."""
    return [model for model in models if not (due := _rows(project.rows, model)) or due != _rows(neighbour.rows, model)]


def _rows(ask, model: str) -> Counter:
    schema, columns = "marts" if model in MARTS else "staging", "select column_name from information_schema.columns"
    names = [name for name, in ask(f"{columns} where table_schema = '{schema}' and table_name = '{model}' order by 1")]
    return Counter(ask(f"""select {', '.join(f'"{name}"' for name in names)} from {schema}.{model}"""))


@pytest.mark.slow
def test_every_model_is_on_postgresql_what_it_is_in_duckdb(neighbour):
    with practice(VARIED, locked=False, built=True) as project:
        neighbour.load_raw(project.warehouse)
        run = project.run("build", *WITHOUT_TESTS, target="postgres", environment=neighbour.environment)
        assert (run.why(), differing(project, neighbour, MODELS)) == ("", [])


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize(("seed", "households"), [(2, 40), (3, 150)])
def test_the_marts_of_any_world_are_on_postgresql_what_they_are_in_duckdb(tmp_path, neighbour, seed, households):
    """The project's own tests pass there, too."""
    project = DbtProject.copy(tmp_path)
    neighbour.load_raw(land(World(seed, households), project.warehouse, days=DAYS))
    project.run("build", *WITHOUT_TESTS)
    run = project.run("build", target="postgres", environment=neighbour.environment)
    warned = [node.name for node in run.nodes if node.status == "warn"]
    assert (run.why(), warned, differing(project, neighbour, MARTS)) == ("", [], [])


@pytest.mark.slow
def test_values_of_all_types_come_whole_to_postgresql(tmp_path, neighbour):
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        con.execute(ODD)
    neighbour.load_raw(tmp_path / "w.duckdb")
    assert neighbour.rows("select * from raw.odd order by id") == [
        (1, Decimal("1234567890.12"), datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 3, 29),
         ["a,b", None, 'c"d', ""], "tab\tand\nline \\.", True, {"a": [1]}),
        (2, None, None, None, None, "", None, None), (3, None, None, None, [], None, False, None)]


@pytest.mark.slow
def test_a_type_that_postgresql_has_not_is_named_and_the_tables_from_before_stay(tmp_path, neighbour):
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        con.execute(ODD)
    neighbour.load_raw(tmp_path / "w.duckdb")
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        con.execute("create table raw.wide (n hugeint)")
    with pytest.raises(LabsError, match=r"HUGEINT, the type of raw\.wide\.n"):
        neighbour.load_raw(tmp_path / "w.duckdb")
    assert neighbour.rows("select count(*) from raw.odd") == [(3,)]


@pytest.mark.slow
def test_another_role_does_not_get_into_the_neighbours_database(server, neighbour):
    server.execute("create role analyst login password 'x'", database="postgres")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        server.rows("select 1", user="analyst", password="x", database="warehouse")


@pytest.mark.slow
def test_a_second_neighbour_on_one_server_is_refused(server, neighbour):
    with pytest.raises(LabsError, match="has a database warehouse already"):
        Neighbour.on(server)


@pytest.mark.parametrize("warehouse", ["duckdb", "postgres", "snowflake", "bigquery"])
def test_the_profile_has_a_target_for_each_warehouse(warehouse):
    targets = yaml.safe_load((REFERENCE / "profiles.yml").read_text())["teaspoon"]["outputs"]
    assert targets[warehouse]["type"] == warehouse


@pytest.mark.slow
@pytest.mark.parametrize("warehouse", ["snowflake", "bigquery"])
def test_what_is_compiled_for_a_warehouse_that_is_not_here_can_be_said_in_its_sql(warehouse):
    """It is not run there: sqlglot reads it, writes it for that warehouse, and reads it again as that warehouse's."""
    with practice(VARIED, built=True) as project:
        compiled = compiled_for(warehouse, project)
    assert (sorted(compiled), {name: why for name, sql in compiled.items() if (why := unsaid(name, sql, warehouse))}) \
        == (MODELS, {})


def unsaid(model: str, sql: str, warehouse: str) -> str:
    """What this warehouse has no words for, as far as sqlglot knows; nothing where it has words for all of it."""
    level = sqlglot.ErrorLevel.IGNORE if (warehouse, model) in WITHOUT_NULLS else sqlglot.ErrorLevel.RAISE
    try:
        written = sqlglot.transpile(sql, read="duckdb", write=warehouse, unsupported_level=level)
        read = [sqlglot.parse_one(statement, read=warehouse) for statement in written]
    except sqlglot.errors.SqlglotError as e:
        return str(e)
    unknown = {node.name for tree in read for node in tree.find_all(exp.Anonymous)}
    return ", ".join(sorted(unknown - (SNOWFLAKES if warehouse == "snowflake" else set())))


def test_sql_that_a_warehouse_has_no_words_for_is_found():
    found = [unsaid("m", sql, "bigquery") for sql in ("select regexp_replace(a, 'b', '', 'g')", "select odd_one(1)")]
    assert ("modifiers" in found[0], found[1]) == (True, "odd_one")
