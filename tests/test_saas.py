"""The simulator starts, keeps what was written, survives kills, and is found again; its clocks, its log, its keys."""

import json
import os
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from types import SimpleNamespace

import nbformat
import psutil
import pytest
import requests
from click.testing import CliRunner
from nbclient import NotebookClient
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route

from autograders.cli import main
from datasets.shape import DAY, SHAPE
from datasets.world import World
from environments.errors import LabsError
from environments.faults import TIMEOUT
from environments.saas import Simulator, saas
from environments.saas.app import APIS, Keys
from environments.saas.clock import Clock, shift_of
from environments.saas.effects import Delay
from environments.saas.hosting import listening
from environments.saas.log import Log
from environments.saas.service import SimulatorService
from environments.waiting import wait_until
from environments.workspace import Workspace
from tests import tiny_apis
from tests.tiny_apis import TINY
from tests.waits import HANG

# The clock

def test_the_fixed_clock_stands_at_the_worlds_end():
    assert (Clock.fixed().now(), Clock.fixed().moved(5)) == (SHAPE.now, 5)


def test_the_real_clock_is_now():
    assert abs(Clock.real().now() - time.time()) <= 1


@pytest.mark.parametrize(
    "now", [SHAPE.now, SHAPE.now + 1, SHAPE.now + DAY - 1, SHAPE.now + 400 * DAY, SHAPE.now - 1, SHAPE.now - 3 * DAY]
)
def test_the_moved_world_ends_within_a_day_and_never_later_than_now(now):
    assert (0 <= now - (SHAPE.now + shift_of(now)) < DAY, shift_of(now) % DAY) == (True, 0)


# The log

@pytest.fixture
def path(folder):
    return folder / "log.jsonl"


def written(path, *entries: dict) -> None:
    log = Log(path)
    for entry in entries:
        log.append("stripe", entry)
    log.close()


def test_an_entry_gets_its_number_and_the_worlds_time():
    assert Log().append("stripe", {"a": 1}) == {"a": 1, "seq": 1, "at": SHAPE.now}


def test_a_log_is_replayed(path):
    written(path, {"a": 1}, {"a": 2})
    assert [(e["a"], e["seq"]) for e in Log(path).entries("stripe")] == [(1, 1), (2, 2)]


def test_entries_of_one_api_are_no_other_apis(path):
    written(path, {"a": 1})
    assert Log(path).entries("mixpanel") == []


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_line_cut_short_by_a_kill_is_cut_off(path, cut):
    written(path, {"a": 1}, {"a": 2})
    path.write_bytes(path.read_bytes()[:-cut])
    assert [e["a"] for e in Log(path).entries("stripe")] == [1]


def test_after_a_cut_line_the_next_is_whole(path):
    written(path, {"a": 1})
    with open(path, "ab") as file:
        file.write(b'{"api":"stripe","a"')
    written(path, {"a": 3})
    assert [(e["a"], e["seq"]) for e in Log(path).entries("stripe")] == [(1, 1), (3, 2)]


@pytest.mark.parametrize("line", [b"nonsense\n", b"3\n", b'{"a":1}\n', b'{"api":"stripe"}\n', b"\xff\xfe\n"])
def test_a_damaged_line_is_named_with_its_number_and_the_way_out(path, line):
    written(path, {"a": 1})
    with open(path, "ab") as file:
        file.write(line)
    with pytest.raises(LabsError, match=r"line 2 of .*\n.*labs reset"):
        Log(path)


def test_a_full_disk_leaves_the_log_as_it_was(path, monkeypatch):
    log = Log(path)
    log.append("stripe", {"a": 1})
    before = path.read_bytes()
    monkeypatch.setattr(os, "write", lambda file, line, write=os.write: write(file, line[:5]))
    with pytest.raises(OSError):
        log.append("stripe", {"a": 2})
    assert (path.read_bytes(), len(log.entries("stripe"))) == (before, 1)


def test_a_cleared_log_begins_again(path):
    log = Log(path)
    log.append("stripe", {"a": 1})
    log.clear()
    log.append("stripe", {"a": 2})
    assert [(e["a"], e["seq"]) for e in Log(path).entries("stripe")] == [(2, 1)]


def test_the_log_is_the_owners_alone(path):
    Log(path)
    assert path.stat().st_mode & 0o777 == 0o600


# The keys

def test_a_workspace_has_keys_of_its_own_and_keeps_them(folder):
    keys = [Keys.of(Workspace(folder / name)) for name in ("a", "a", "b")]
    assert (keys[0] == keys[1], keys[0] == keys[2]) == (True, False)


def test_a_stripe_key_looks_like_one(folder):
    assert Keys.of(Workspace(folder)).stripe.startswith("sk_test_")


# In this process

def test_a_simulator_is_gone_with_its_block():
    with Simulator(World(7, 5), modules=TINY) as simulator:
        address = simulator.stripe.base_url
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=HANG)


def test_two_simulators_do_not_meet():
    with Simulator(World(7, 5), modules=TINY) as first, Simulator(World(8, 5), modules=TINY) as other:
        keys = {"Authorization": f"Bearer {first.stripe.credentials['api_key']}"}
        assert [
            requests.get(f"{s.stripe.base_url}/v1/charges", headers=keys, timeout=HANG).status_code
            for s in (first, other)
        ] == [200, 401]


HANGING = TIMEOUT.but(route="*", times=None, effects=(Delay(10 * HANG),))


def hang(address: str) -> threading.Thread:
    """A request that is answered only with the end of its simulator."""
    thread = threading.Thread(target=lambda: pytest.raises(requests.ConnectionError, requests.get, address))
    thread.start()
    return thread


def test_a_simulator_ends_at_once_although_a_request_is_waiting():
    with Simulator(World(7, 5), modules=TINY) as simulator, simulator.stripe.inject(HANGING):
        thread = hang(simulator.stripe.base_url)
        wait_until(lambda: simulator.stripe.requests(), HANG, "the request to arrive")
    thread.join(HANG)
    assert not thread.is_alive()


def test_requests_are_served_at_the_same_time():
    with Simulator(World(7, 5), modules=TINY) as simulator, simulator.stripe.inject(HANGING):
        threads = [hang(simulator.stripe.base_url) for _ in range(10)]
        wait_until(
            lambda: len(simulator.stripe.requests()) == 10,
            HANG,
            "the tenth request to arrive while the first is waiting",
        )
    for thread in threads:
        thread.join(HANG)


def test_a_connection_serves_more_than_one_request():
    with Simulator(World(7, 5), modules=TINY) as simulator:
        connection = HTTPConnection("127.0.0.1", int(simulator.stripe.base_url.rsplit(":")[-1]), timeout=HANG)
        sockets = []
        for _ in range(2):
            connection.request("GET", "/v1/charges")
            sockets.append(connection.sock)
            connection.getresponse().read()
        connection.close()
    assert sockets[0] is sockets[1]


# An API that has a bug

async def crash(request):
    raise ZeroDivisionError("a bug")


async def crash_halfway(request):
    async def body():
        yield b"the beginning"
        raise ZeroDivisionError("a bug")

    return StreamingResponse(body())


@pytest.fixture
def buggy():
    module = SimpleNamespace(
        error=tiny_apis.error,
        api=lambda state: Starlette(routes=[Route("/crash", crash), Route("/halfway", crash_halfway)]),
    )
    with Simulator(World(7, 5), modules={"stripe": module}) as simulator:
        yield simulator.stripe


def test_a_bug_is_answered_with_500_in_the_apis_own_envelope(buggy):
    answer = requests.get(f"{buggy.base_url}/crash", timeout=HANG)
    assert (answer.status_code, list(answer.json())) == (500, ["error"])


def test_a_bug_is_told_with_its_place_in_the_log(buggy, capfd):
    said = []
    requests.get(f"{buggy.base_url}/crash", timeout=HANG)
    wait_until(
        lambda: said.append(capfd.readouterr().err) or "test_saas.py" in "".join(said),
        HANG,
        "the log to name this file",
    )


def test_a_bug_in_the_middle_of_an_answer_breaks_it_off(buggy):
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"{buggy.base_url}/halfway", timeout=HANG)


# As a service of a workspace

@pytest.fixture(scope="module")
def home(reachable_tmp):
    """A workspace whose simulator the tests of this part stop, kill and start."""
    with pytest.MonkeyPatch.context() as patch:
        root = reachable_tmp / "Żółć i spółka"
        patch.setenv("LABS_HOME", str(root))
        patch.setenv("LABS_SEED", "11")
        yield root
        SimulatorService(Workspace(root)).down()


@pytest.fixture
def service(home):
    started = SimulatorService(Workspace(home))
    started.up(seed=11, size="small", clock="fixed")
    return started


def process(service: SimulatorService) -> psutil.Process:
    return psutil.Process(service.running().pid)


def kill(service: SimulatorService) -> None:
    running = process(service)
    running.kill()
    wait_until(lambda: not service.running(), HANG, "the process to end")


def labs(*arguments):
    return CliRunner().invoke(main, arguments, prog_name="labs")


def sign_up(name: str) -> None:
    stripe = saas().stripe
    headers = {"Authorization": f"Bearer {stripe.credentials['api_key']}"}
    requests.post(f"{stripe.base_url}/v1/customers", {"name": name}, headers=headers, timeout=HANG).raise_for_status()


def newest() -> str:
    """The name of the newest customer."""
    stripe = saas().stripe
    answer = requests.get(f"{stripe.base_url}/v1/customers", {"limit": 1}, timeout=HANG,
                          headers={"Authorization": f"Bearer {stripe.credentials['api_key']}"})
    return answer.json()["data"][0]["name"]


@pytest.mark.slow
def test_up_prints_as_json_what_a_program_needs(service):
    said = json.loads(labs("up", "saas", "--json").stdout)
    assert {name: sorted(facts) for name, facts in said.items()} == {
        "stripe": ["api_key", "base_url"], "amplitude": ["api_key", "base_url", "secret_key"],
        "mixpanel": ["api_secret", "base_url", "project_id", "secret", "username"]}


@pytest.mark.slow
def test_every_api_answers_once_up_has_returned(service):
    assert [requests.get(api.base_url, timeout=HANG).status_code for api in service.client().apis.values()] != []


@pytest.mark.slow
def test_only_loopback_is_listened_on(service):
    assert {c.laddr.ip for c in process(service).net_connections() if c.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


@pytest.mark.slow
def test_up_again_changes_nothing(service):
    pid = process(service).pid
    assert (labs("up", "saas").output, process(service).pid) == ("everything was running already\n", pid)


@pytest.mark.slow
def test_another_process_attaches_to_the_same_one(service):
    code = "from environments.saas import saas; print(saas().stripe.base_url)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=HANG).stdout
    assert said.strip() == service.client().stripe.base_url


@pytest.mark.slow
def test_status_says_where_each_api_is(service):
    found = [line.split() for line in labs("status").output.splitlines() if line.split()[0] in APIS]
    assert found == [
        [name, "running", api.base_url.removeprefix("http://")] for name, api in service.client().apis.items()
    ]


@pytest.mark.slow
def test_down_leaves_no_process(service):
    running = process(service)
    said = labs("down").output
    assert (said, running.is_running(), service.state()) == ("saas stopped\n", False, "stopped")


@pytest.mark.slow
def test_down_finds_a_simulator_whose_note_is_lost(service):
    running = process(service)
    service.workspace.note("saas-ready").unlink()
    service.down()
    assert not running.is_running()


@pytest.mark.slow
def test_a_killed_simulator_is_noticed_named_and_started_again(service):
    kill(service)
    states = {s.state for s in service.status()}
    assert (states, labs("up", "saas").output) == (
        {"killed"},
        "saas had been killed: started again, nothing written was lost: seed 11, small, fixed clock\n",
    )


@pytest.mark.slow
def test_what_was_written_is_there_after_a_kill(service):
    sign_up("Ada Written")
    kill(service)
    service.up()
    assert newest() == "Ada Written"


@pytest.mark.slow
def test_no_answered_write_is_lost_by_a_kill_in_the_middle_of_many(service):
    stripe, running, answered = saas().stripe, process(service), []
    headers = {"Authorization": f"Bearer {stripe.credentials['api_key']}"}

    def write():
        for number in range(10_000):
            requests.post(f"{stripe.base_url}/v1/customers", {"name": f"Ada {number}"}, headers=headers, timeout=HANG)
            answered.append(f"Ada {number}")

    writer = threading.Thread(target=lambda: pytest.raises(requests.ConnectionError, write))
    writer.start()
    wait_until(lambda: len(answered) >= 20, HANG, "twenty writes to be answered")
    running.kill()
    writer.join(HANG)
    service.up()
    log = (service.workspace.root / "saas" / "11-small-fixed.jsonl").read_text()
    assert [name for name in answered if f'"{name}"' not in log] == []


@pytest.mark.slow
def test_what_was_written_is_there_after_a_kill_that_cut_a_line(service):
    sign_up("Ada Whole")
    kill(service)
    with open(service.workspace.root / "saas" / "11-small-fixed.jsonl", "ab") as file:
        file.write(b'{"api":"stripe","half')
    service.up()
    assert newest() == "Ada Whole"


@pytest.mark.slow
def test_a_damaged_log_is_named_by_up_in_a_few_lines(service):
    service.down()
    log = service.workspace.root / "saas" / "11-small-fixed.jsonl"
    good = log.read_bytes()
    log.write_bytes(b"nonsense\n" + good)
    said = labs("up", "saas")
    log.write_bytes(good)
    assert (said.exit_code, "line 1 of" in said.output, "labs reset" in said.output, "Traceback" in said.output) == (
        1,
        True,
        True,
        False,
    )


@pytest.mark.slow
def test_a_restart_keeps_its_ports_and_its_keys(service):
    before = service.client().as_dict()
    service.down()
    service.up()
    assert service.client().as_dict() == before


@pytest.mark.slow
def test_a_port_that_someone_took_is_replaced(service):
    before = service.client().stripe.base_url
    service.down()
    with listening(int(before.rsplit(":")[-1])):
        service.up()
        assert service.client().stripe.base_url != before


@pytest.mark.slow
def test_another_seed_starts_it_again_and_says_so(service):
    assert labs("up", "saas", "--seed", "12").output == (
        "saas started again: seed 12, small, fixed clock (it was seed 11, small, fixed clock)\n")


@pytest.fixture
def abroad(service):
    """The simulator with a Mixpanel project of Los Angeles."""
    yield service.up(timezone="America/Los_Angeles")
    service.up(timezone="UTC")


@pytest.mark.slow
def test_a_time_zone_is_chosen_said_and_kept(abroad, service):
    keys = service.client().as_dict()["mixpanel"]
    cohorts = requests.get(
        f"{keys['base_url']}/api/query/cohorts/list",
        {"project_id": keys["project_id"]},
        auth=(keys["username"], keys["secret"]),
        timeout=HANG,
    ).json()
    assert ("Mixpanel in America/Los_Angeles" in abroad[0], cohorts[0]["created"], service.up()) == (
        True,
        "2024-06-30 17:00:00",
        [],
    )


@pytest.mark.slow
def test_what_was_chosen_is_kept_for_the_next_start(service):
    labs("up", "saas", "--seed", "12", "--clock", "real")
    service.down()
    assert labs("up", "saas").output == "saas started: seed 12, small, real clock\n"


@pytest.mark.slow
def test_writes_to_one_world_are_not_in_another(service):
    sign_up("Ada of Eleven")
    service.up(seed=12)
    assert newest() != "Ada of Eleven"


@pytest.mark.slow
def test_the_real_clocks_past_does_not_move_with_a_restart(service):
    service.up(clock="real")
    before = service.client()._back.ask("GET", "/_admin")
    service.workspace.note("saas-shift").write_text(str(before["shift"] - DAY))  # as if it had been made yesterday
    service.down()
    service.up()
    assert service.client()._back.ask("GET", "/_admin")["shift"] == before["shift"] - DAY


@pytest.mark.slow
def test_two_workspaces_run_at_once(service, folder):
    other = SimulatorService(Workspace(folder))
    try:
        other.up()
        assert len({running.client().stripe.base_url for running in (service, other)}) == 2
    finally:
        other.down()


@pytest.mark.slow
def test_two_who_start_it_at_once_share_one(service):
    service.down()
    code = "from environments.saas import saas; print(saas().stripe.base_url)"
    both = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = {starting.communicate(timeout=HANG)[0] for starting in both}
    assert (len(said), len(service._ours())) == (1, 1)


@pytest.mark.slow
def test_reset_forgets_what_was_written(service):
    sign_up("Ada Forgotten")
    service.reset()
    service.up(seed=11)
    assert newest() != "Ada Forgotten"


@pytest.mark.slow
def test_an_attached_notebook_says_what_to_do_when_it_is_gone(service):
    client = service.client()
    service.down()
    with pytest.raises(LabsError, match="labs up saas"):
        client.as_dict()


@pytest.mark.slow
def test_a_request_in_a_notebook_to_a_simulator_that_was_killed_names_the_command(service):
    cells = [
        "import os, requests\nfrom environments.saas import saas\nfrom environments.waiting import wait_until\n"
        "from environments.saas.service import SimulatorService\nfrom environments.workspace import Workspace\n"
        f"url = saas().stripe.base_url\nos.kill({process(service).pid}, 9)\n"
        f"wait_until(lambda: not SimulatorService(Workspace.here()).running(), {HANG}, 'its end');",
        "requests.get(url)",
        "open('/nowhere')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=HANG, allow_errors=True).execute()
    shown = [[output.traceback for output in cell.outputs] for cell in notebook.cells]
    assert (shown[0], shown[1], "FileNotFoundError" in str(shown[2])) == (
        [], [["LabsError: the SaaS simulator was killed.\nType in a terminal: labs up saas"]], True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("up", "saas", "--seed", "0"),
        ("up", "saas", "--seed", "-3"),
        ("up", "saas", "--seed", "1.5"),
        ("up", "saas", "--seed", "9" * 30),
        ("up", "saas", "--seed", "²"),
        ("up", "saas", "--size", "huge"),
        ("up", "saas", "--clock", "slow"),
        ("up", "03", "--clock", "real"),
        ("up", "saas", "--timezone", "Mars/Olympus"),
        ("up", "saas", "--timezone", "../../etc/passwd"),
        ("up", "saas", "--timezone", ""),
        ("up", "nonsense"),
        ("truth", "--seed", "x"),
    ],
)
def test_a_bad_value_is_one_clear_line(home, arguments):
    said = labs(*arguments)
    assert (said.exit_code, said.output.startswith("labs: "), said.output.count("\n")) == (1, True, 1)


# The truth

MONEY = {
    "stripe": {"customers": 1234, "charges": 5},
    "metrics": {"mrr": {"day": {"2026-06-30": 100}, "month": {"2026-06": 100}}},
}
EVENTS = {"mixpanel": {"export": 7}, "amplitude": {"export": 8}, "metrics": {"dau": {"2026-06-29": 3, "2026-06-30": 4}}}


@pytest.fixture
def known(folder, monkeypatch):
    """A workspace, and a truth that is known without making a world."""
    monkeypatch.setenv("LABS_HOME", str(folder))
    monkeypatch.setitem(
        sys.modules, "datasets.billing", SimpleNamespace(Billing=lambda world: SimpleNamespace(truth=lambda now: MONEY))
    )
    monkeypatch.setitem(sys.modules, "datasets.product", SimpleNamespace(Product=lambda world: None))
    monkeypatch.setitem(sys.modules, "datasets.product_truth", SimpleNamespace(truth=lambda product: EVENTS))
    return Workspace(folder)


def test_the_truth_is_that_of_both_sources(known):
    assert json.loads(labs("truth", "--seed", "5", "--json").stdout) == {
        "stripe": MONEY["stripe"],
        "mixpanel": {"export": 7},
        "amplitude": {"export": 8},
        "metrics": MONEY["metrics"] | EVENTS["metrics"],
    }


def test_the_truth_for_a_person_has_a_line_for_each_stream(known):
    assert labs("truth").output.splitlines()[0].split() == ["stripe", "customers", "1,234"]


def test_with_the_real_clock_the_days_of_the_truth_move_and_months_are_left_out(known):
    known.note("saas-shift").write_text(str(2 * DAY))
    assert json.loads(labs("truth", "--clock", "real", "--json").stdout)["metrics"] == {
        "mrr": {"day": {"2026-07-02": 100}}, "dau": {"2026-07-01": 3, "2026-07-02": 4}}


def test_asking_for_the_truth_of_another_seed_changes_nothing(known):
    labs("truth", "--seed", "5")
    assert SimulatorService(known).wish(seed=None).seed == known.seed
