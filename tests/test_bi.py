"""The BI tool in a workspace: an API as its administrator, survives kills, never shows half of a publication."""

import signal
import threading
from urllib.parse import urlsplit

import duckdb
import psutil
import pytest

from environments import services
from environments.bi import bi
from environments.bi.client import BiClient, steady
from environments.bi.service import BiService, hashed
from environments.errors import LabsError
from environments.stack.publishing import publish
from environments.workspace import Workspace
from tests.test_browser import chromium
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


def test_files_of_an_export_have_names_and_texts_that_stay():
    told = {"charts/MRR_2.yaml": "a", "charts/MRR_11.yaml": "b", "charts/week_2026.yaml": "c",
            "metadata.yaml": "version: 1.0.0\ntimestamp: '2026-11-30T18:59:25'\n"}
    assert steady(told) == {"charts/MRR.yaml": "b", "charts/MRR_2.yaml": "a", "charts/week.yaml": "c",
                            "metadata.yaml": "version: 1.0.0\n"}


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
def test_its_pages_open_below_jupyterlabs_address_and_ask_nothing_outside(workspace):
    tool, answered, missing = bi(), set(), []
    with chromium() as browser:
        page = browser.new_page()
        page.on("response", lambda told: answered.add(urlsplit(told.url).netloc))
        page.on("response", lambda told: missing.append(told.url) if told.status == 404 else None)
        page.goto(f"{tool.url}/login/", timeout=HANG * 1000)
        page.fill("#username", tool.user, timeout=HANG * 1000)
        page.fill("#password", tool.password)
        page.keyboard.press("Enter")
        page.get_by_text("Dashboards").first.wait_for(timeout=HANG * 1000)
        page.wait_for_load_state("networkidle", timeout=HANG * 1000)
    assert (answered - {""}, missing) == ({urlsplit(tool.url).netloc}, [])


@pytest.mark.slow
@pytest.mark.exhaustive
def test_two_workspaces_have_a_tool_and_a_password_each_and_files_go_from_one_to_the_other(workspace, folder):
    other = BiService(Workspace(folder / "other"))
    try:
        put_marts(folder, 7)
        first = bi()
        dataset(first, folder)
        other.up(HANG)
        second = other.client()
        second.put_files(first.files())
        second.put_files(first.files())
        with pytest.raises(LabsError, match="does not let admin in"):
            second.as_user(first.user, first.password).ask("GET", "/chart/")
        with pytest.raises(LabsError, match="Superset answered .* to an import"):
            second.put_files({"metadata.yaml": "type: nothing"})
        copied = second.ask("GET", "/dataset/")["result"]
        assert (first.url == second.url, second.files() == first.files(), asked(second, copied[0]["id"])) == (
            False, True, (200, 21))
    finally:
        other.reset()
