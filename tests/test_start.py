"""`labs start`: JupyterLab on the start page, one for a copy of the course, gone with the command that opened it."""

import asyncio
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import tornado.websocket

from environments import jupyter, terminals
from environments.errors import LabsError
from environments.waiting import wait_until
from environments.workspace import Workspace, is_free
from tests.waits import HANG

START = [sys.executable, "-c", "from autograders.cli import main; main(prog_name='labs')", "start", "--no-browser"]
RUNNING = f"JupyterLab is running already ({jupyter.STOP})"
# What a plain GET of nbgrader's pages gives where they are there: Validate is posted to, assignments want a course.
PAGES = {"/assignments/validate": 405, "/formgrader": 200, "/assignments": 400, "/courses": 200}


class Terminal:
    """One `labs start` and what it prints."""

    def __init__(self, home: Path, *options: str, **variables: str):
        environment = os.environ | {"LABS_HOME": str(home)} | variables
        self.command = subprocess.Popen([*START, *options], env=environment, text=True, bufsize=1,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.printed = self.progress = ""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.command.stdout:
            if line.startswith("starting JupyterLab "):
                self.progress += line
            else:
                self.printed += line

    @property
    def address(self) -> str:
        """The address it printed; waits for it."""
        found = lambda: re.findall(r"http\S+\n", self.printed)
        return wait_until(found, HANG, "an address", lambda: self.printed)[0].strip()

    def end(self, number: int = signal.SIGTERM) -> None:
        self.command.send_signal(number)
        self.command.wait(HANG)

    def said(self) -> str:
        """All it printed, once it has ended."""
        self.command.wait(HANG)
        self.reader.join(HANG)
        return self.printed


@contextmanager
def started(home: Path, *options: str, **variables: str):
    terminal = Terminal(home, *options, **variables)
    try:
        yield terminal
    finally:
        terminal.end()


@pytest.fixture(scope="module")
def student(reachable_tmp):
    """A running `labs start`, as a student's; a proxy that leads nowhere is set, as in many companies."""
    with started(
        reachable_tmp / "student", http_proxy="http://127.0.0.1:9", HTTP_PROXY="http://127.0.0.1:9"
    ) as terminal:
        assert terminal.address
        yield terminal


def fetch(address: str, **headers: str) -> tuple[int, str]:
    """Status and text of a page, without a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(address, headers=headers), timeout=HANG) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, ""


def page(terminal: Terminal, path: str) -> int:
    """The status of one of JupyterLab's pages, asked with the token."""
    base, token = re.fullmatch(r"(http://[^/]+)/.*token=(.*)", terminal.address).groups()
    return fetch(base + path, Authorization=f"token {token}")[0]


def processes_of(home: Path) -> list[psutil.Process]:
    """JupyterLab of this workspace and what it started: kernels and terminals inherit its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("LABS_HOME") == str(home) and "JUPYTER_TOKEN" in process.environ():
                found.append(process)
        except psutil.Error:
            continue
    return found


def command_line(process: psutil.Process) -> str:
    with suppress(psutil.Error):  # ended in the meantime
        return str(process.cmdline())
    return ""


def start_kernel(terminal: Terminal) -> None:
    base, token = re.fullmatch(r"(http://[^/]+)/.*token=(.*)", terminal.address).groups()
    request = urllib.request.Request(f"{base}/api/kernels", data=b"{}", headers={"Authorization": f"token {token}"})
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=HANG).close()


@pytest.mark.slow
def test_the_start_page_opens_at_the_printed_address(student):
    assert fetch(student.address)[0] == 200


@pytest.mark.slow
def test_the_start_page_is_refused_without_the_token(student):
    base = student.address.partition("/lab")[0]
    assert fetch(f"{base}/api/contents")[0] == 403


@pytest.mark.slow
def test_the_terminal_shows_the_address_and_not_the_servers_log(student):
    assert student.printed.splitlines() == [
        "JupyterLab is open (Ctrl-C ends it; the services go on until `labs down`):", f"  {student.address}"]


@pytest.mark.slow
def test_it_says_that_it_starts_and_in_a_pipe_not_too_often(student):
    assert re.fullmatch(r"(starting JupyterLab +\d+ s  \w.*\n){1,5}", student.progress)


def test_on_a_terminal_the_line_moves_and_says_what_is_done(folder, monkeypatch):
    class Screen(io.StringIO):
        def isatty(self):
            return True

    screen, workspace = Screen(), Workspace(folder)
    did = "{} | extension was successfully {}.\n".format
    jupyter._log(workspace).write_text(did("a", "linked") + did("b", "linked") + did("a", "loaded"))
    monkeypatch.setattr(sys, "stderr", screen)
    progress = jupyter._Progress(workspace)
    progress.tell()
    progress.end()
    assert screen.getvalue() == "\rstarting JupyterLab   0 s  1 of 2 extensions loaded\x1b[K\r\x1b[K"


@pytest.mark.slow
def test_a_second_start_says_where_the_first_is_within_seconds(student, reachable_tmp):
    before = os.times().children_user  # not seconds on the wall, of which a busy machine needs more
    said = Terminal(reachable_tmp / "student").said()
    assert (said, os.times().children_user - before < 5) == (f"{RUNNING}:\n  {student.address}\n", True)


@pytest.mark.slow
def test_a_second_start_for_an_instructor_says_that_the_first_is_a_students(student, reachable_tmp):
    said = Terminal(reachable_tmp / "student", "--instructor").said()
    assert said == ("labs: JupyterLab is running already, without formgrader.\n"
                    f"End it first ({jupyter.STOP}); then run this again.\n")


@pytest.mark.slow
def test_a_student_has_validate_and_no_graders(student):
    assert {path: page(student, path) for path in PAGES} == PAGES | dict.fromkeys(
        PAGES.keys() - {"/assignments/validate"}, 404
    )


@pytest.mark.slow
def test_nothing_asks_about_news_or_updates_and_no_grader_shows_in_the_page(student):
    settings = json.loads(
        re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', fetch(student.address)[1], re.DOTALL).group(1)
    )
    assert {
        "@jupyterlab/apputils-extension:announcements",
        "@jupyter/nbgrader:formgrader",
        "@jupyter/nbgrader:assignment-list",
        "@jupyter/nbgrader:course-list",
    } <= set(settings["disabledExtensions"])


@pytest.mark.slow
def test_jupyterlab_listens_on_loopback_only(student, reachable_tmp):
    addresses = {
        c.laddr.ip for p in processes_of(reachable_tmp / "student") for c in p.net_connections() if c.status == "LISTEN"
    }
    assert addresses == {"127.0.0.1"}


@pytest.mark.slow
def test_the_token_is_in_no_log_and_no_process_list(student, reachable_tmp):
    token = student.address.partition("token=")[2]
    places = [(reachable_tmp / "student/jupyter.log").read_text(), *map(command_line, psutil.process_iter())]
    assert (len(token) > 20, [place for place in places if token in place]) == (True, [])


@pytest.mark.slow
def test_an_instructor_has_the_graders_too_and_is_found_by_a_second_start(folder):
    with started(folder, "--instructor") as instructor:
        pages = {path: page(instructor, path) for path in PAGES}
        assert (pages, Terminal(folder, "--instructor").said().splitlines()[1].strip()) == (PAGES, instructor.address)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_jupyterlab_and_its_kernels_end_with_the_command(folder, name):
    terminal = Terminal(folder)
    start_kernel(terminal)
    before = len(processes_of(folder))
    terminal.end(getattr(signal, name))
    assert (before >= 2, processes_of(folder), terminal.command.returncode) == (True, [], 0)


@pytest.mark.slow
def test_a_start_cut_off_before_its_jupyterlab_answers_leaves_nothing(folder):
    terminal = Terminal(folder)
    wait_until(lambda: processes_of(folder), HANG, "JupyterLab to be started")
    terminal.end(signal.SIGINT)
    assert (processes_of(folder), terminal.said(), terminal.command.returncode) == ([], "labs: interrupted\n", 130)


def test_a_ctrl_c_at_the_birth_of_its_jupyterlab_ends_it(folder, monkeypatch):
    born = []

    def launch(*_):
        born.append(subprocess.Popen(["sleep", "60"]))
        os.kill(os.getpid(), signal.SIGTERM)
        return born[0]

    monkeypatch.setenv("LABS_HOME", str(folder))
    monkeypatch.setattr(jupyter, "_launch", launch)
    with pytest.raises(KeyboardInterrupt):
        jupyter.start(print, browser=False)
    assert born[0].poll() is not None


@pytest.mark.slow
def test_a_jupyterlab_whose_start_was_killed_is_found_by_the_next_and_stopped_by_down(folder):
    terminal = Terminal(folder)
    address = terminal.address
    terminal.end(signal.SIGKILL)
    try:
        said = Terminal(folder).said()
        down = subprocess.run(
            [*START[:-2], "down", "--jupyter"],
            env=os.environ | {"LABS_HOME": str(folder)},
            capture_output=True,
            text=True,
        )
        assert (said, down.stdout, processes_of(folder)) == (f"{RUNNING}:\n  {address}\n", "JupyterLab stopped\n", [])
    finally:
        for process in processes_of(folder):
            process.kill()


@pytest.mark.slow
def test_of_two_starts_at_once_the_second_finds_the_first(folder):
    terminals = [Terminal(folder), Terminal(folder)]
    addresses = [t.address for t in terminals]
    second = next(t for t in terminals if "already" in t.printed)
    second.command.wait(HANG)
    running = [t for t in terminals if t.command.poll() is None]
    for terminal in running:
        terminal.end()
    assert (len(set(addresses)), len(running)) == (1, 1)


@pytest.mark.slow
def test_a_port_that_someone_else_took_is_given_up(folder):
    taken = Workspace(folder).port("jupyter")
    with socket.create_server(("127.0.0.1", taken)), started(folder) as terminal:
        assert f":{taken}/" not in terminal.address


@pytest.mark.slow
def test_a_jupyterlab_that_cannot_start_shows_the_end_of_its_log(folder):
    said = Terminal(folder, JUPYTER_CONFIG_DIR=broken_config(folder)).said()
    assert (said.splitlines()[0], "no_such_module" in said, "Traceback" in said.splitlines()[0]) == (
        f"labs: JupyterLab did not start. The end of {folder}/jupyter.log:", True, False)


def broken_config(folder: Path) -> str:
    (folder / "config").mkdir()
    (folder / "config/jupyter_server_config.json").write_text(
        json.dumps({"ServerApp": {"contents_manager_class": "no_such_module.Manager"}}))
    return str(folder / "config")


# Terminals

# What resets PATH: /etc/profile on Debian, and many a person's own file.
RESET = "export PATH=/usr/local/bin:/usr/bin:/bin\n"
ASK = "command -v labs; echo in-$((40+2))\n"
OURS = str(Path(sys.executable).parent / "labs")


def home_with_files(folder: Path) -> Path:
    """A home whose every start-up file resets PATH."""
    for name in (".bashrc", ".bash_profile", ".profile", ".zshenv", ".zprofile", ".zshrc"):
        (folder / name).write_text(RESET)
    return folder


async def ask_terminal(base: str, token: str) -> str:
    """What a new terminal of this server answers to ASK."""
    request = urllib.request.Request(f"{base}/api/terminals", data=b"{}", headers={"Authorization": f"token {token}"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=HANG) as answer:
        name = json.load(answer)["name"]
    address = f"{base.replace('http', 'ws', 1)}/terminals/websocket/{name}?token={token}"
    line, said = await asyncio.wait_for(tornado.websocket.websocket_connect(address), HANG), ""
    await line.write_message(json.dumps(["stdin", ASK]))
    while "in-42" not in said:
        kind, *rest = json.loads(await asyncio.wait_for(line.read_message(), HANG) or '["disconnect"]')
        assert kind != "disconnect", said
        said += rest[0] if kind == "stdout" else ""
    line.close()
    return said


@pytest.mark.slow
def test_a_terminal_of_labs_start_finds_the_labs_command(folder):
    with started(folder, HOME=str(home_with_files(folder)), SHELL=shutil.which("bash")) as terminal:
        base, token = re.fullmatch(r"(http://[^/]+)/.*token=(.*)", terminal.address).groups()
        assert OURS in asyncio.run(ask_terminal(base, token))


@pytest.mark.slow
def test_a_terminal_of_a_jupyter_that_a_hub_started_finds_the_labs_command(folder):
    """A hub starts the server by its path, elsewhere, with a PATH of its own, and without a word of ours."""
    theirs = {k: v for k, v in os.environ.items() if not k.startswith(("LABS_", "JUPYTER"))}
    theirs |= {"HOME": str(home_with_files(folder)), "SHELL": shutil.which("bash"), "PATH": "/usr/bin:/bin",
               "JUPYTER_TOKEN": "abc", "JUPYTER_RUNTIME_DIR": str(folder / "runtime")}
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root"]
    server = subprocess.Popen(command, cwd=folder, env=theirs, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        base = next(found[1] for line in server.stdout if (found := re.search(r"(http://127\.0\.0\.1:\d+)/", line)))
        wait_until(lambda: jupyter._answers(int(base.rpartition(":")[2]), "abc"), HANG, "the server to answer")
        assert OURS in asyncio.run(ask_terminal(base, "abc"))
    finally:
        server.terminate()
        server.communicate(timeout=HANG)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "dash", "ksh"])
def test_every_shell_that_a_terminal_may_open_finds_the_labs_command(folder, shell):
    if not (program := shutil.which(shell)):
        pytest.skip(f"no {shell} here")
    command = terminals.shell_command(program)
    home = str(home_with_files(folder))
    environment = {"HOME": home, "TERM": "dumb", "PATH": "/usr/bin:/bin", "LABS_BIN": str(Path(OURS).parent)}
    pid, line = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environment)
    try:
        os.write(line, (ASK if shell != "fish" else "command -v labs; echo in-(math 40+2)\n").encode())
        said, deadline = b"", time.monotonic() + HANG
        while b"in-42" not in said and time.monotonic() < deadline:
            if select.select([line], [], [], 1)[0]:
                said += os.read(line, 4096)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(line)
    assert OURS in said.decode()


# Without starting one

@pytest.fixture
def stand_in(folder):
    """A process that looks like the workspace's JupyterLab."""
    workspace = Workspace(folder)
    words = ["jupyterlab", f"--ServerApp.port={workspace.port('jupyter')}"]
    with subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        workspace.note("jupyter-pid").write_text(str(process.pid))
        yield process
        process.kill()


def test_a_jupyterlab_that_hangs_is_stopped_too(folder, stand_in):
    assert (jupyter.stop(Workspace(folder)), psutil.pid_exists(stand_in.pid)) == (["JupyterLab stopped"], False)


def test_another_persons_jupyterlab_is_left_running(folder, stand_in, monkeypatch):
    monkeypatch.setattr(psutil.Process, "username", lambda self: "ida" if self.pid == stand_in.pid else "ada")
    with pytest.raises(LabsError, match="^JupyterLab was started by ida, so it was left running.\n"):
        jupyter.stop(Workspace(folder))
    assert stand_in.poll() is None


def test_a_process_id_that_is_anothers_by_now_stops_nobody(folder):
    Workspace(folder).note("jupyter-pid").write_text(str(os.getpid()))
    assert jupyter.stop(Workspace(folder)) == []


def test_a_stranger_on_our_port_is_never_shown_the_token(folder):
    workspace = Workspace(folder)
    workspace.note("jupyter-pid").write_text(str(os.getpid()))
    with socket.create_server(("127.0.0.1", workspace.port("jupyter"))) as stranger:
        found = jupyter._running(workspace)
        stranger.settimeout(0)
        with pytest.raises(BlockingIOError):
            stranger.accept()
    assert found is None


def test_an_answer_that_is_no_http_is_no_jupyterlab():
    def speak():
        with stranger.accept()[0] as connection:
            connection.recv(1000)
            connection.sendall(b"SSH-2.0-OpenSSH\r\n")

    with socket.create_server(("127.0.0.1", 0)) as stranger:
        threading.Thread(target=speak, daemon=True).start()
        assert not jupyter._answers(stranger.getsockname()[1], "token")


def test_without_a_screen_no_browser_is_opened(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not jupyter._has_browser()


def test_a_shell_that_was_chosen_by_setting_stays(monkeypatch):
    class App:
        terminado_settings = {"shell_command": ["/bin/mine"]}

    monkeypatch.setattr(os, "environ", dict(os.environ))
    terminals._link_jupyter_server_extension(App)
    assert App.terminado_settings == {"shell_command": ["/bin/mine"]}


def test_a_terminal_in_jupyterlab_finds_the_labs_command_and_the_same_workspace(folder):
    environment = jupyter._environment(Workspace(folder), instructor=False)
    assert (environment["PATH"].split(os.pathsep)[0], environment["LABS_HOME"]) == (
        str(Path(sys.executable).parent),
        str(folder),
    )


def test_a_free_port_is_kept_from_one_start_to_the_next(folder):
    port = Workspace(folder).port("jupyter")
    assert (is_free(port), Workspace(folder).port("jupyter")) == (True, port)
