"""The BI tool in a workspace: an API as its administrator, survives kills, never shows half of a publication."""

import signal
import threading

import duckdb
import psutil
import pytest

from environments import services
from environments.bi import bi
from environments.bi.client import BiClient
from environments.bi.service import BiService, hashed
from environments.errors import LabsError
from environments.stack.publishing import publish
from environments.workspace import Workspace
from tests.waits import HANG

PUBLICATIONS = 100
MRR = {"expressionType": "SQL", "sqlExpression": "sum(mrr)", "label": "mrr"}


@pytest.fixture
def workspace(folder, monkeypatch):
    monkeypatch.setenv("LABS_HOME", str(folder / "Żółć i spółka"))
    workspace = Workspace.here()
    yield workspace
    BiService(workspace).reset()


def put_marts(folder, mrr: int) -> None:
    """Build the marts again, and publish them in place of the last ones."""
    warehouse = folder / f"warehouse-{mrr}.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        con.execute("create schema marts")
        con.execute("create table marts.fct_mrr as select range as month, ? as mrr from range(3)", [mrr])
    publish(warehouse, folder / "public.duckdb")
    warehouse.unlink()


def dataset(tool, folder) -> int:
    address = f"duckdb:///{folder / 'public.duckdb'}?access_mode=read_only"
    marts = tool.ask("POST", "/database/", {"database_name": "marts", "sqlalchemy_uri": address})["id"]
    return tool.ask("POST", "/dataset/", {"database": marts, "schema": "marts", "table_name": "fct_mrr"})["id"]


def asked(tool, dataset: int) -> tuple[int, object]:
    """The status of a chart's query, and its sum."""
    status, told = tool.attempt("POST", "/chart/data", {
        "datasource": {"id": dataset, "type": "table"}, "force": True, "result_format": "json", "result_type": "full",
        "queries": [{"columns": [], "metrics": [MRR], "row_limit": 1}]})
    return status, told["result"][0]["data"][0]["mrr"] if status == 200 else told


def test_a_password_is_kept_as_its_scrypt(monkeypatch):
    monkeypatch.setattr("environments.bi.service.secrets.token_hex", lambda size: "5ca1ab1e" * 2)
    assert hashed("teaspoon") == (
        "scrypt:32768:8:1$5ca1ab1e5ca1ab1e$"
        "973e211a8edc7af5693f440feb8c31c83fbe708803435b764e1b0f8eab26b92c"
        "bbe7f75dbee74dd148875349551c482a5bac37eb755ab9d86cc6a6590a1bc4a2")


def test_a_tool_that_was_never_started_says_how(workspace):
    service = BiService(workspace)
    with pytest.raises(LabsError, match="the BI tool has not been started yet.\nType in a terminal: labs up bi"):
        service.client()
    assert (service.status(), service.down()) == ([], [])


def test_a_tool_that_does_not_answer_says_how_to_start_it():
    with pytest.raises(LabsError, match="Superset does not answer.\nType in a terminal: labs up bi"):
        BiClient(9, "/proxy", "admin", "x").ask("GET", "/chart/")


@pytest.mark.slow
@pytest.mark.exhaustive
def test_a_killed_tool_is_told_and_keeps_its_dashboards_which_show_each_publication_whole(workspace, folder):
    put_marts(folder, 0)
    tool, service = bi(), BiService(workspace)
    charted = dataset(tool, folder)
    with pytest.raises(LabsError, match="does not let admin in: the name or the password is wrong"):
        tool.as_user("admin", "wrong").ask("GET", "/chart/")
    with pytest.raises(LabsError, match="Superset answered 404 to GET /chart/99"):
        tool.ask("GET", "/chart/99")
    addresses = {c.laddr.ip for p in service.process.processes() for c in p.net_connections()
                 if c.status == psutil.CONN_LISTEN}

    answers, ended = [], threading.Event()
    readers = [threading.Thread(target=lambda: [answers.append(asked(tool, charted)) for _ in
                                                iter(ended.is_set, True)]) for _ in range(3)]
    for reader in readers:
        reader.start()
    for mrr in range(1, PUBLICATIONS + 1):
        put_marts(folder, mrr)
    ended.set()
    for reader in readers:
        reader.join(HANG)
    assert ({status for status, _ in answers}, asked(tool, charted), addresses) == (
        {200}, (200, 3 * PUBLICATIONS), {"127.0.0.1"})

    for process in service.process.processes():
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs(service.process.processes(), HANG)
    states = [status.state for status in service.status()]
    with pytest.raises(LabsError, match="the BI tool was killed.\nType in a terminal: labs up bi"):
        service.client()
    lines = services.up([], workspace, bi={})
    assert (states, lines, services.up([], workspace, bi={}), asked(service.client(), charted)) == (
        ["killed"], ["bi had been killed: started again, no dashboard was lost"], [], (200, 3 * PUBLICATIONS))
    assert (service.down(), service.process.processes(), service.state()) == (["bi stopped"], [], "stopped")


@pytest.mark.slow
@pytest.mark.exhaustive
def test_two_workspaces_have_a_tool_each_and_a_password_each(workspace, folder):
    other = BiService(Workspace(folder / "other"))
    try:
        first = bi()
        other.up(HANG)
        second = other.client()
        with pytest.raises(LabsError, match="does not let admin in"):
            second.as_user(first.user, first.password).ask("GET", "/chart/")
        assert (first.url == second.url, second.ask("GET", "/chart/")["count"]) == (False, 0)
    finally:
        other.reset()
