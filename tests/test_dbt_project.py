"""A dbt project as the course runs it, and one that somebody hostile wrote. Each has a project of one model, which is
parsed quickly."""

import os
import subprocess
import sys

import duckdb
import pytest

from environments.errors import LabsError, TookTooLong
from environments.place import COURSE
from environments.stack.dbt_project import DbtProject, look
from tests.waits import HANG

PROJECT = "name: teaspoon\nversion: '1.0'\nconfig-version: 2\nprofile: teaspoon\n"
MODEL = "models/one.sql"
LOOP = "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}"


@pytest.fixture
def project(tmp_path):
    made = DbtProject(tmp_path / "project", locked=True)
    made.write("dbt_project.yml", PROJECT)
    made.write(MODEL, "select 1 as n")
    return made


def test_a_file_outside_of_the_project_is_refused(project):
    with pytest.raises(LabsError, match="outside"):
        project.write("../x.sql", "select 1")


@pytest.mark.slow
def test_a_run_tells_each_node_and_leaves_the_file_free(project):
    run = project.run("run")
    with duckdb.connect(project.warehouse) as con:
        found = con.execute("select n from staging.one").fetchall()
    assert (run.success, run["one"].status, run["one"].kind, found) == (True, "success", "model", [(1,)])


@pytest.mark.slow
def test_a_locked_project_loses_no_time_with_a_manifest(project):
    project.run("run")
    assert not (project.folder / "target" / "manifest.json").exists()


@pytest.mark.slow
@pytest.mark.exhaustive
def test_the_process_that_runs_dbt_ends_in_silence(project):
    """Locks as dbt makes them are files in shared memory, and one is warned of each that is left."""
    runs = f"from environments.stack.dbt_project import DbtProject\nDbtProject({str(project.folder)!r}).run('parse')"
    done = subprocess.run([sys.executable, "-c", runs], cwd=COURSE, capture_output=True, text=True, timeout=HANG)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_an_error_names_the_model_and_what_is_wrong(project):
    project.write(MODEL, "select m from (select 1 as n)")
    assert (why := project.run("run").why()).startswith("model one (models/one.sql)") and '"m"' in why


@pytest.mark.slow
def test_a_model_that_is_not_there_is_named(project):
    project.write(MODEL, "select * from {{ ref('nothing') }}")
    assert "nothing" in project.run("run").why()


@pytest.mark.slow
def test_an_endless_macro_is_ended_and_the_next_run_works(project):
    project.write(MODEL, f"select 1 as n {LOOP}")
    with pytest.raises(TookTooLong):
        project.run("run", within=5)
    project.write(MODEL, "select 1 as n")
    assert project.run("run").success


@pytest.mark.slow
@pytest.mark.parametrize(("attack", "said"), [
    ("select * from read_text('{secret}')", "disabled by configuration"),
    ("{{% do run_query(\"copy (select 1) to '{made}'\") %}}select 1 as n", "disabled by configuration"),
    ("{{% do run_query(\"attach '{made}' as other\") %}}select 1 as n", "disabled by configuration"),
    ("{{% do run_query('set enable_external_access = true') %}}select 1 as n", "locked"),
    ("{{% do run_query('set memory_limit = \"64GB\"') %}}select 1 as n", "locked"),
    ("select '{{{{ env_var('LABS_TEST_SECRET') }}}}' as n", "LABS_TEST_SECRET"),
    ("{{{{ ''.__class__.__mro__[1].__subclasses__() }}}}", "unsafe"),
    ("{{% set os = modules.os %}}select '{{{{ os.listdir('/') }}}}' as n", "os"),
])
def test_a_model_gets_at_nothing_outside(project, tmp_path, monkeypatch, attack, said):
    monkeypatch.setenv("LABS_TEST_SECRET", "hunter2")
    (tmp_path / "secret").write_text("hunter2")
    project.write(MODEL, attack.format(secret=tmp_path / "secret", made=tmp_path / "made"))
    run = project.run("run")
    left = (run.success, (tmp_path / "made").exists(), "hunter2" in str(run), said in run.why())
    assert left == (False, False, False, True), run.why()


@pytest.mark.slow
def test_a_hook_of_the_project_gets_at_nothing_outside(project, tmp_path):
    project.write("dbt_project.yml", f"{PROJECT}on-run-start: [\"copy (select 1) to '{tmp_path / 'made'}'\"]\n")
    assert "disabled by configuration" in project.run("run").why() and not (tmp_path / "made").exists()


def test_what_is_left_in_a_warehouses_place_is_not_believed(tmp_path):
    (tmp_path / "w.duckdb").symlink_to("/etc/passwd")
    with pytest.raises(LabsError, match="no warehouse"):
        look(tmp_path / "w.duckdb", "select 1")


def test_a_question_to_a_strange_warehouse_reads_no_other_file(tmp_path):
    (tmp_path / "secret").write_text("hunter2")
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        con.execute(f"create view v as select * from read_text('{tmp_path / 'secret'}')")
    with pytest.raises(LabsError, match="does not answer"):
        look(tmp_path / "w.duckdb", "select * from v")


def test_a_pipe_in_the_place_of_a_warehouses_log_is_not_opened(tmp_path):
    duckdb.connect(tmp_path / "w.duckdb").close()
    os.mkfifo(tmp_path / "w.duckdb.wal")
    with pytest.raises(LabsError, match="no warehouse"):
        look(tmp_path / "w.duckdb", "select 1")


def test_a_view_without_an_end_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("environments.stack.dbt_project.LOOK_TIMEOUT_S", 0.1)
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        con.execute("create view v as select count(*) from range(1000000000000) as a, range(1000) as b")
    with pytest.raises(LabsError, match="within"):
        look(tmp_path / "w.duckdb", "from v")
