"""JupyterLab on the start page: one for a copy of the course, its address printed."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path

import psutil

from environments.causes import of_machine
from environments.course import start_page
from environments.errors import LabsError
from environments.place import COURSE
from environments.waiting import wait_until
from environments.workspace import Workspace, write_whole

# Server extensions of no use to a student, and a good part of the start-up time.
GRADERS = ("formgrader", "course_list", "assignment_list")
# What the page in the browser leaves out: for everyone its question about news and its look for updates, both
# outside; for a student also the halves of the graders there, which without the others' could only fail.
LEFT_OUT = Path(__file__).with_name("jupyter_config")
STOP = "Ctrl-C where it was started ends it, or from anywhere: labs down --jupyter"


def start(say: Callable[[str], None], browser: bool = True, instructor: bool = False, within: float = 60) -> int:
    """Run JupyterLab until it ends, and return its exit status; where one runs already, say where and return 0."""
    workspace = Workspace.here()
    # A closed terminal, or a polite end, is taken as Ctrl-C.
    with _heard(signal.default_int_handler, "SIGTERM", "SIGHUP"):
        with workspace.lock("jupyter.lock", within + 15):  # of two at once, the second finds the first one's
            running = _running(workspace)
            if running:
                _check_kind(running, instructor)
                return _open(say, f"JupyterLab is running already ({STOP}):", workspace, browser)
            with contextlib.ExitStack() as care:
                came: list[int] = []  # between a server's birth and our care for it
                with _heard(lambda number, _: came.append(number), "SIGINT", "SIGTERM", "SIGHUP"):
                    server = _launch(workspace, instructor)
                    care.enter_context(_ended_where_it_fails(server))
                if came:
                    raise KeyboardInterrupt
                _wait_for_answer(server, workspace, within)
        with contextlib.suppress(KeyboardInterrupt), _ended(server):
            _open(say, "JupyterLab is open (Ctrl-C ends it; the services go on until `labs down`):", workspace, browser)
            return server.wait()
    return 0


def stop(workspace: Workspace) -> list[str]:
    """End this workspace's JupyterLab with its kernels and terminals,
    wherever it was started; what was done, a line."""
    with workspace.lock("jupyter.lock", 75):
        server = _noted(workspace)
        if not server:
            return []
        if server.username() != psutil.Process().username():
            raise LabsError(f"JupyterLab was started by {server.username()}, so it was left running.",
                            "They can end it with the same command, or with Ctrl-C where it was started.")
        with contextlib.suppress(psutil.NoSuchProcess):
            _end(server)
        workspace.note("jupyter-pid").unlink(missing_ok=True)
    return ["JupyterLab stopped"]


def _launch(workspace: Workspace, instructor: bool) -> subprocess.Popen:
    """JupyterLab in a session of its own: Ctrl-C reaches only us, and we end it in good order."""
    workspace.settle_port("jupyter")
    with open(_log(workspace), "w") as out:
        server = subprocess.Popen(
            _command(workspace.port("jupyter"), instructor),
            cwd=COURSE,
            env=_environment(workspace, instructor),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    write_whole(workspace.note("jupyter-pid"), str(server.pid))
    return server


def _command(port: int, instructor: bool) -> list[str]:
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={COURSE}",
        f"--LabApp.default_url=/{start_page()}",
        "--LabApp.extension_manager=readonly",  # the other one asks the package index
        *(
            ()
            if instructor
            else [f"--ServerApp.jpserver_extensions=nbgrader.server_extensions.{g}=False" for g in GRADERS]
        ),
        *(["--allow-root"] if os.geteuid() == 0 else []),
    ]


def _environment(workspace: Workspace, instructor: bool) -> dict:
    """The token goes by environment, where other users cannot read it; `labs` is found in JupyterLab's terminals."""
    env = os.environ | {
        "JUPYTER_TOKEN": workspace.secret("jupyter"),
        "LABS_HOME": str(workspace.root),
        "DO_NOT_TRACK": "1",
    }
    env["PATH"] = _joined(Path(sys.executable).parent, env.get("PATH"))
    for kind in ("everyone",) if instructor else ("everyone", "student"):
        env["JUPYTER_CONFIG_PATH"] = _joined(LEFT_OUT / kind, env.get("JUPYTER_CONFIG_PATH"))
    return env


def _joined(first: Path, rest: str | None) -> str:
    return os.pathsep.join(filter(None, (str(first), rest)))


def _running(workspace: Workspace) -> psutil.Process | None:
    """Our JupyterLab that answers. Only a process of ours is asked: a stranger on its port would see the token."""
    process = _noted(workspace)
    return process if process and _answers(workspace.port("jupyter"), workspace.secret("jupyter")) else None


def _noted(workspace: Workspace) -> psutil.Process | None:
    """The live process of this workspace's JupyterLab; a stale note, or its process id used again, is nobody."""
    with contextlib.suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int(workspace.note("jupyter-pid").read_text()))
        words = process.cmdline()
        if "jupyterlab" in words and f"--ServerApp.port={workspace.port('jupyter')}" in words:
            return process
    return None


def _check_kind(running: psutil.Process, instructor: bool) -> None:
    if instructor and any("formgrader=False" in word for word in running.cmdline()):
        raise LabsError("JupyterLab is running already, without formgrader.\n"
                        f"End it first ({STOP}); then run this again.")


def _wait_for_answer(server: subprocess.Popen, workspace: Workspace, within: float) -> None:
    port, token = workspace.port("jupyter"), workspace.secret("jupyter")
    progress = _Progress(workspace)

    def ended_or_answers() -> bool:
        progress.tell()
        return server.poll() is not None or _answers(port, token)

    try:
        wait_until(ended_or_answers, within, "JupyterLab to answer", lambda: _tail(workspace), fair=True)
    finally:
        progress.end()
    if server.poll() is not None:
        failed = "JupyterLab did not start"
        raise of_machine(failed, _tail(workspace, 40), workspace.root, server.returncode) or LabsError(
            f"{failed}. The end of {_log(workspace)}:\n{_tail(workspace)}",
            "`labs doctor` looks for what this machine lacks.",
        )


class _Progress:
    """What JupyterLab is doing while it starts, on stderr: a line that moves on a terminal, else one every 15 s."""

    def __init__(self, workspace: Workspace):
        self._workspace, self._begun, self._due = workspace, time.monotonic(), 0.0
        self._moves = sys.stderr.isatty()

    def tell(self) -> None:
        passed = time.monotonic() - self._begun
        if passed >= self._due:
            self._due = passed + (0.2 if self._moves else 15)
            line = f"starting JupyterLab  {passed:2.0f} s  {self._step()}"
            width = shutil.get_terminal_size().columns - 1
            self._write(f"\r{line[:width]}\x1b[K" if self._moves else f"{line}\n")

    def end(self) -> None:
        if self._moves:
            self._write("\r\x1b[K")

    def _step(self) -> str:
        log = _log(self._workspace).read_text(errors="replace")
        linked, loaded = (log.count(f"| extension was successfully {verb}") for verb in ("linked", "loaded"))
        if " is running at:" in log:
            return "waiting for its first answer"
        return f"{loaded} of {linked} extensions loaded" if linked else "loading Python packages"

    @staticmethod
    def _write(text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # nobody reads any more
            sys.stderr.write(text)
            sys.stderr.flush()


def _answers(port: int, token: str) -> bool:
    """Whether our JupyterLab, which knows our token, answers there; never through a proxy."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/status", headers={"Authorization": f"token {token}"})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=2) as answer:
            return answer.status == 200
    except (OSError, HTTPException):
        return False


def _open(say: Callable[[str], None], words: str, workspace: Workspace, browser: bool) -> int:
    address = f"http://127.0.0.1:{workspace.port('jupyter')}/{start_page()}?token={workspace.secret('jupyter')}"
    say(f"{words}\n  {address}")
    if browser and _has_browser():
        webbrowser.open(address)
    return 0


def _has_browser() -> bool:
    """Without a screen Python would open a text browser in this very terminal."""
    return sys.platform == "darwin" or any(map(os.environ.get, ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")))


@contextlib.contextmanager
def _heard(handler: Callable, *names: str) -> Iterator[None]:
    """While the block runs, these signals go to a handler; what nohup lets us ignore stays ignored."""
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {n: signal.signal(n, handler) for n in numbers if signal.getsignal(n) != signal.SIG_IGN}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


@contextlib.contextmanager
def _ended(server: subprocess.Popen, within: float = 15) -> Iterator[None]:
    """JupyterLab, its kernels and terminals are gone when this block ends."""
    try:
        yield
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):
            _end(psutil.Process(server.pid), within)
            server.wait(within)


def _end(server: psutil.Process, within: float = 15) -> None:
    """Ask it to end, and by force what is left of it and its children; not the terminal in which this is typed."""
    typed_in = {os.getpid(), *(process.pid for process in psutil.Process().parents())}
    family = [server, *(child for child in server.children(recursive=True) if child.pid not in typed_in)]
    server.terminate()
    for process in psutil.wait_procs(family, within)[1]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


@contextlib.contextmanager
def _ended_where_it_fails(server: subprocess.Popen) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with _ended(server):
            raise


def _log(workspace: Workspace) -> Path:
    return workspace.root / "jupyter.log"


def _tail(workspace: Workspace, lines: int = 6) -> str:
    return "\n".join(_log(workspace).read_text(errors="replace").splitlines()[-lines:])
