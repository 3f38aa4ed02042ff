"""The reference dbt project and the raw layer below it, compared with the world they are made from."""

import json
from collections.abc import Iterator

import duckdb
import pytest

from datasets.marts import Marts
from datasets.world import World
from environments.errors import LabsError
from environments.stack.dbt_project import DbtProject, look
from environments.stack.landing import PRODUCTION, land, land_production, land_world, opened
from environments.stack.postgres_copy import copy_tables
from environments.stack.publishing import publish
from environments.stack.warehouses import SEEDS, VARIED, practice, truth, untouched

pytestmark = pytest.mark.usefixtures("shared_templates")
DAYS = 7
MARTS = ("fct_mrr_movements", "fct_mrr", "fct_subscriptions", "fct_net_revenue", "fct_activation_funnel",
         "dim_customers", "fct_weekly_active_households")
ODD = """create table odd (n numeric(12, 2), precise numeric, at timestamptz, day date, words text[], numbers bigint[],
                           note text, flag boolean, doc jsonb);
         insert into odd values
         (1234567890.12, 0.1234567890123, '2026-03-29 02:30:00+02', '2026-03-29', '{"a,b", null, "c\\"d"}', '{1,2}',
          '', true, '{"a": [1]}'),
         (null, null, null, null, null, null, null, null, null)"""


def rows(project: DbtProject, mart: str, columns: list[str]) -> list[tuple]:
    return sorted(project.rows(f"select {', '.join(columns)} from marts.{mart}"), key=str)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The reference project, built on a small world."""
    project = DbtProject.copy(tmp_path_factory.mktemp("dbt"))
    land(World(11, 12), project.warehouse, days=DAYS)
    return project, project.run("build")


@pytest.mark.slow
def test_the_reference_project_builds_without_an_error_or_a_warning(built):
    _, run = built
    assert (run.why(), [node.name for node in run.nodes if node.status == "warn"]) == ("", [])


@pytest.mark.slow
@pytest.mark.parametrize("mart", MARTS)
def test_a_mart_is_what_the_world_says(built, mart):
    project, _ = built
    due = getattr(Marts(World(11, 12), DAYS), mart)()
    assert rows(project, mart, list(due[0])) == sorted((tuple(row.values()) for row in due), key=str)


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.parametrize(("seed", "households"), [(1, 5), (2, 40), (3, 300)])
def test_the_marts_are_what_any_world_says(tmp_path, seed, households):
    project, world = DbtProject.copy(tmp_path), World(seed, households)
    land(world, project.warehouse, days=DAYS)
    project.run("build", full_refresh=True)
    truth = {mart: getattr(Marts(world, DAYS), mart)() for mart in MARTS}
    wrong = [mart for mart, due in truth.items() if rows(project, mart, list(due[0])) != sorted(
        (tuple(row.values()) for row in due), key=str)]
    assert wrong == []


EXPORTS = ("mixpanel_export", "amplitude_export")


@pytest.fixture(scope="module")
def in_loads(tmp_path_factory):
    """A project whose events came in three loads, of which the first brought none, with a run after each; the last."""
    project = DbtProject.copy(tmp_path_factory.mktemp("loads"))
    land(World(11, 12), project.warehouse, days=DAYS)
    with duckdb.connect(project.warehouse) as con:
        for table in EXPORTS:
            con.execute(f"create table {table} as from raw.{table}; delete from raw.{table}")
    for after, until in (("2000-01-01", "2000-01-01"), ("2000-01-01", "2026-06-29"), ("2026-06-29", "2099-01-01")):
        with duckdb.connect(project.warehouse) as con:
            for table in EXPORTS:
                con.execute(f"insert into raw.{table} from {table} where _loaded_at > ? and _loaded_at <= ?",
                            [after, until])
        run = project.run("run", select="+fct_product_events")
        assert run.success, run.why()
    return project, run


@pytest.mark.slow
def test_an_increment_reads_rows_of_new_loads_alone_while_it_scans_the_raw_tables(in_loads):
    project, run = in_loads
    with duckdb.connect(project.warehouse) as con:
        con.execute("set timezone = 'UTC'; set explain_output = 'physical_only'")
        plan = con.execute(f"explain (format json) {run['fct_product_events'].sql}").fetchall()[0][1]
    scans = [scan for scan in _scans(json.loads(plan)) if "_loaded_at" in str(scan.get("Filters"))]
    assert sorted(scan["Table"].split(".")[-1] for scan in scans) == sorted(EXPORTS)


def _scans(nodes: list[dict]) -> Iterator[dict]:
    for node in nodes:
        yield node["extra_info"]
        yield from _scans(node["children"])


@pytest.mark.slow
def test_late_rows_come_into_the_incremental_model_as_in_a_full_refresh(in_loads):
    everything = "select * from marts.fct_product_events order by all"
    project, _ = in_loads
    incremental = project.rows(everything)
    project.run("run", select="fct_product_events", full_refresh=True)
    assert incremental == project.rows(everything)


@pytest.mark.slow
def test_production_from_a_server_is_as_from_the_world(empty_primary, tmp_path):
    from datasets.load import load

    world = World(5, 10)
    with empty_primary.connect() as connection:
        load(world, connection)
    with opened(tmp_path / "server.duckdb") as con:
        land_production(con, empty_primary)
        copied = {name: con.execute(f"select * exclude _loaded_at from raw.production_{name}").fetchall()
                  for name in PRODUCTION}
    with opened(tmp_path / "world.duckdb") as con:
        land_world(con, world)
        made = {name: con.execute(f"select * exclude _loaded_at from raw.production_{name}").fetchall()
                for name in PRODUCTION}
    assert {name: sorted(its) for name, its in copied.items()} == {name: sorted(its) for name, its in made.items()}


@pytest.mark.slow
def test_types_arrive_whole(empty_primary):
    with empty_primary.connect() as connection, duckdb.connect() as con:
        connection.execute(ODD)
        copy_tables(connection, con, {"odd": "odd"})
        con.execute("set timezone = 'UTC'")
        found = con.execute("select n::text, precise::text, \"at\"::text, day::text, words, numbers, note, flag, doc "
                            "from odd order by n nulls last").fetchall()
    assert found == [("1234567890.12", "0.1234567890123", "2026-03-29 00:30:00+00", "2026-03-29",
                      ["a,b", None, 'c"d'], [1, 2], "", True, '{"a": [1]}'), (None,) * 9]


def test_a_reader_keeps_what_it_opened_while_another_build_is_published(tmp_path):
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        con.execute("create schema marts; create table marts.t as select 1 as n")
    public = publish(tmp_path / "w.duckdb", tmp_path / "public.duckdb")
    with duckdb.connect(public, read_only=True) as reader:
        with duckdb.connect(tmp_path / "w.duckdb") as con:
            con.execute("update marts.t set n = 2")
        publish(tmp_path / "w.duckdb", public)
        old = reader.execute("select n from marts.t").fetchall()
    assert (old, look(public, "select n from marts.t")) == ([(1,)], [(2,)])


def test_a_warehouse_that_is_being_written_is_not_published(tmp_path):
    import subprocess
    import sys

    hold = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold, str(tmp_path / "w.duckdb")], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        writer.stdout.readline()
        try:
            with pytest.raises(LabsError, match="is being written"):
                publish(tmp_path / "w.duckdb", tmp_path / "public.duckdb")
        finally:
            writer.kill()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in SEEDS), VARIED])
def test_a_ready_built_warehouse_holds_the_truth_of_its_world(seed):
    with practice(seed, built=True) as project:
        truths = {mart: getattr(truth(seed), mart)() for mart in MARTS}
        wrong = [mart for mart, due in truths.items() if rows(project, mart, list(due[0])) != sorted(
            (tuple(row.values()) for row in due), key=str)]
    assert wrong == []


@pytest.mark.slow
def test_a_check_waits_for_the_world_it_asks_for_and_no_other(tmp_path, monkeypatch):
    monkeypatch.setenv("LABS_TEMPLATES", str(tmp_path))
    with practice(SEEDS[0]):
        made = {folder.name.rsplit("-", 1)[0] for folder in tmp_path.iterdir() if folder.is_dir()}
    assert made == {"parsed", f"raw-{SEEDS[0]}"}


@pytest.mark.slow
def test_the_varied_world_has_what_others_lack():
    found = untouched(VARIED, """select
        (select count(*) from raw.stripe_charges where _deleted),
        (select count(*) from staging.stg_stripe__prices where billing_interval = 'year'),
        (select count(*) from staging.stg_stripe__subscription_events where is_paused),
        (select count(*) from staging.stg_stripe__subscription_events where monthly_amount <> amount),
        (select count(*) from marts.fct_mrr_movements where movement = 'reactivation')""")[0]
    assert min(found) > 0
