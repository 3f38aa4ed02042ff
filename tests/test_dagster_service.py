"""Dagster in a workspace: it serves a file's definitions, is quiet, survives kills, and leaves nothing behind."""

import os
import signal
import socket
import sqlite3
import sys
from contextlib import closing
from itertools import pairwise

import psutil
import pytest
from click.testing import CliRunner

from autograders.cli import main
from environments import services
from environments.errors import LabsError
from environments.stack.dagster_runs import unfinished
from environments.stack.dagster_service import PARTS, SETTINGS, DagsterService
from environments.stack.dagster_wanted import Wanted
from environments.waiting import wait_until
from environments.workspace import Workspace
from tests.waits import HANG

DEFINITIONS = '''
import os, time
import dagster as dg

@dg.asset
def orders(context: dg.AssetExecutionContext) -> None:
    with open(os.environ["SEEN"], "a") as file:
        file.write(context.run_id + "\\\\n")
    while True:
        time.sleep(0.05)

morning = dg.define_asset_job("morning", selection=[orders], executor_def=dg.in_process_executor)
defs = dg.Definitions(assets=[orders], jobs=[morning])
'''.replace("\\\\", "\\")
JOB = {"repositoryLocationName": "teaspoon", "repositoryName": "__repository__", "jobName": "morning"}
LAUNCH = """mutation($job: JobOrPipelineSelector!) {
  launchRun(executionParams: {selector: $job, mode: "default"}) { ... on LaunchRunSuccess { run { runId } } } }"""
RUNS = "{ runsOrError { ... on Runs { results { runId status } } } }"
EVENTS = """{ runsOrError { ... on Runs { results { status eventConnection { events {
  ... on MessageEvent { message eventType } } } } } } }"""
JOBS = """{ repositoriesOrError { ... on RepositoryConnection { nodes { jobs { name } } } } }"""


@pytest.fixture
def file(folder):
    """Definitions whose one job begins, says so in a file, and goes on until it is ended."""
    path = folder / "pipeline" / "definitions.py"
    path.parent.mkdir()
    path.write_text(DEFINITIONS)
    return path


@pytest.fixture
def service(folder, file, monkeypatch):
    """Not started yet; ended after the test, whatever happened in it."""
    monkeypatch.setenv("LABS_HOME", str(folder / "Żółć i spółka"))
    service = DagsterService(Workspace.here())
    yield service
    service.reset()


@pytest.fixture
def served(service, file, folder):
    service.up(HANG, str(file), {"SEEN": str(folder / "seen")})
    return service


def runs(service) -> list[str]:
    return [run["status"] for run in service.client().ask(RUNS)["runsOrError"]["results"]]


def jobs(service) -> set[str]:
    repositories = service.client().ask(JOBS)["repositoriesOrError"]["nodes"]
    return {job["name"] for repository in repositories for job in repository["jobs"]} - {"__ASSET_JOB"}


def pids(service) -> dict[str, int]:
    return {name: part.running().pid for name, part in service.parts.items()}


def launch(service, folder) -> None:
    """Have the job run, until its asset has begun. Pages that are loading definitions again do not find the job."""
    wait_until(lambda: "run" in service.client().ask(LAUNCH, job=JOB)["launchRun"], HANG, "the job to be launched",
               lambda: told(service))
    wait_until((folder / "seen").exists, HANG, "the run to begin", lambda: told(service))


def told(service) -> str:
    """What its runs and its parts say."""
    events = service._client().ask(EVENTS)["runsOrError"]["results"]
    return "\n".join([*(str(run) for run in events), *(part.log(30) for part in service.parts.values())])


def kill(*processes: psutil.Process) -> None:
    for process in processes:
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs(processes, HANG)


# What is to be served

def test_a_file_that_is_not_there_is_named(service, file):
    with pytest.raises(LabsError, match="there is no file .*gone.py.\nName the one .*--definitions FILE"):
        service.up(definitions=str(file.with_name("gone.py")))


@pytest.mark.parametrize("module", ["no_such_module", "environments.nothing", ".", "a.b.c", "sys"])
def test_a_module_that_is_not_there_is_named(service, module):
    with pytest.raises(LabsError, match=f"there is no module {module}"):
        service.up(definitions=module)


def test_nothing_to_serve_says_how_to_name_it(service):
    with pytest.raises(LabsError, match="nothing to run yet.\nSay where .*--definitions FILE"):
        service.up()


def test_definitions_are_for_dagster_alone(service):
    said = CliRunner().invoke(main, ["up", "alerts", "--definitions", "x.py"])
    assert (said.exit_code, said.stderr) == (
        1, "labs: --definitions is for Dagster. Name it: labs up dagster --definitions FILE\n")


def test_the_edition_changes_with_the_file_with_what_lies_beside_it_and_with_its_environment(file):
    seen = [Wanted(str(file)).edition()]
    file.write_text("changed = True")
    seen.append(Wanted(str(file)).edition())
    file.with_name("beside.py").write_text("beside = True")
    seen += [Wanted(str(file)).edition(), Wanted(str(file), {"KEY": "x"}).edition()]
    assert len(set(seen)) == 4 and Wanted(str(file)).edition() == seen[2]


def test_a_package_is_looked_at_whole():
    assert {file.name for file in Wanted("environments.saas").sources()} >= {"app.py", "lists.py", "fault.py"}


def test_nothing_is_unfinished_where_nothing_ever_ran(folder):
    assert unfinished(folder) == 0


def test_a_dagster_that_was_never_started_has_no_line_in_the_status(service):
    assert (service.status(), service.down()) == ([], [])


@pytest.mark.slow
def test_the_settings_are_ones_that_dagster_takes_and_send_nothing_outside(folder):
    from dagster import DagsterInstance

    (folder / "dagster.yaml").write_text(SETTINGS.read_text())
    with DagsterInstance.from_config(str(folder)) as instance:
        assert (instance.telemetry_enabled, instance.nux_enabled, instance.run_monitoring_enabled) == (
            False, False, True)


@pytest.mark.slow
def test_the_storage_is_made_once_however_many_start_together(folder):
    make = "from environments.stack import dagster_start as it; it.make_storage(it.Path('.'))"
    (folder / "dagster.yaml").write_text(SETTINGS.read_text())
    started = [psutil.Popen([sys.executable, "-c", make], cwd=folder, env=os.environ | {"DAGSTER_HOME": str(folder)})
               for _ in range(3)]
    ended = [process.wait(HANG) for process in started]
    versions = []
    for name in ("schedules/schedules.db", "history/runs.db"):
        with closing(sqlite3.connect(folder / name)) as con:
            versions += con.execute("select count(*) from alembic_version").fetchone()
    assert (ended, versions) == ([0, 0, 0], [1, 1])


# Running

@pytest.mark.slow
def test_power_that_fails_in_the_middle_of_a_run_is_told_and_nothing_runs_twice(served, folder):
    """Also: it is only on loopback, `up` again changes nothing, and `down` leaves nothing."""
    client, before = served.client(), pids(served)
    again = services.up([], served.workspace, dagster={})
    addresses = {c.laddr.ip.removeprefix("::ffff:") for part in served.parts.values() for p in part.processes()
                 for c in p.net_connections() if c.status == psutil.CONN_LISTEN}
    assert (again, pids(served), addresses, client.ask("{ shouldShowNux }")) == (
        [], before, {"127.0.0.1"}, {"shouldShowNux": False})

    launch(served, folder)
    wait_until(lambda: runs(served) == ["STARTED"], HANG, "Dagster to know it", lambda: told(served))
    kill(*(process for part in served.parts.values() for process in part.processes()))
    states = [status.state for status in served.status()]
    with pytest.raises(LabsError, match="killed.\nType in a terminal: labs up dagster"):
        served.client()
    lines = services.up([], served.workspace, dagster={})
    assert (states, lines, runs(served)) == (
        ["killed"] * 3,
        ["dagster: its code server, its pages, its daemon had been killed: started again; "
         "1 run that had begun failed by that"],
        ["FAILURE"])

    wait_until(lambda: served.client().ask(HEALTH)["instance"]["daemonHealth"]["daemonStatus"]["healthy"], HANG,
               "the daemon to take runs from the queue")
    lines = served.down()
    left = [process for part in served.parts.values() for process in part.processes()]
    assert (lines, left, len((folder / "seen").read_text().splitlines())) == (["dagster stopped"], [], 1)


HEALTH = '{ instance { daemonHealth { daemonStatus(daemonType: "QUEUED_RUN_COORDINATOR") { healthy } } } }'


@pytest.mark.slow
@pytest.mark.exhaustive
def test_each_part_is_fixed_alone_and_changed_definitions_are_loaded(served, file):
    seen = [pids(served)]
    for name in reversed(PARTS):
        kill(served.parts[name].running())
        served.up(HANG)
        seen.append(pids(served))
    changed = [{name for name in PARTS if old[name] != new[name]} for old, new in pairwise(seen)]
    first = jobs(served)
    file.write_text(DEFINITIONS.replace('"morning"', '"evening"'))
    lines = served.up(HANG)
    assert (changed, first, lines, jobs(served)) == (
        [{"daemon"}, {"web"}, {"code"}], {"morning"}, ["dagster loaded your definitions again"], {"evening"})


@pytest.mark.slow
@pytest.mark.exhaustive
def test_definitions_that_cannot_be_loaded_are_told_and_can_be_corrected(service, file, folder):
    file.write_text("import dagster as dg\nraise RuntimeError('no key')\n")
    for _ in range(2):
        with pytest.raises(LabsError, match="Dagster runs, but cannot load .*no key"):
            service.up(HANG, str(file), {"SEEN": str(folder / "seen")})
    file.write_text(DEFINITIONS)
    assert (service.up(HANG), jobs(service)) == (["dagster loaded your definitions again"], {"morning"})


@pytest.mark.slow
@pytest.mark.exhaustive
def test_a_port_that_another_code_server_has_is_not_shared(served):
    served.down()
    taken = served.workspace.port("dagster-code")
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as a code server does
        other.bind(("127.0.0.1", taken))
        other.listen()
        served.up(HANG)
        assert (served.workspace.port("dagster-code") == taken, jobs(served)) == (False, {"morning"})


@pytest.mark.slow
@pytest.mark.exhaustive
def test_a_run_that_goes_on_keeps_its_definitions(served, file, folder):
    launch(served, folder)
    before = pids(served)
    file.write_text(DEFINITIONS.replace('"morning"', '"evening"'))
    lines = served.up(HANG)
    after = pids(served)
    served.down()
    served.up(HANG)
    assert (lines, after, runs(served), os.path.exists(served.home)) == (
        ["dagster keeps the old definitions while a run is going on: run this again once it has ended"],
        before, ["FAILURE"], True)


@pytest.mark.slow
def test_pipelines_reach_the_other_services_by_their_environment(service, file):
    services.up([], service.workspace, alerts={})
    inbox = services.service("alerts", service.workspace)
    environment = service._wanted(str(file), {"KEY": "mine"}).environment
    inbox.down()
    after = service._wanted(None, None).environment
    inbox.reset()
    assert (environment["ALERTS_TOKEN"], environment["KEY"], after) == (
        service.workspace.secret("alerts"), "mine", environment)
