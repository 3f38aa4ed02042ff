"""JupyterLab on the start page: one for a copy of the course, its address printed."""

import os
import subprocess
import sys
import urllib.request
import webbrowser
from collections.abc import Callable

from environments.errors import LabsError
from environments.waiting import wait_until
from environments.workspace import COURSE, Workspace, is_free

START_PAGE = "lab/tree/labs/00_start_here/00_start_here.ipynb"


def start(say: Callable[[str], None], browser: bool = True, instructor: bool = False, within: float = 60) -> int:
    """Run JupyterLab until it ends, and return its exit status; where one runs already, say where and return 0."""
    workspace = Workspace.here()
    token = workspace.secret("jupyter")
    port = workspace.port("jupyter")
    if _answers(port, token):
        return _open(say, "JupyterLab is running already:", port, token, browser)
    if not is_free(port):
        workspace.forget_port("jupyter")
        port = workspace.port("jupyter")
    log = workspace.root / "jupyter.log"
    with open(log, "w") as out:
        server = subprocess.Popen(_command(port, instructor), cwd=COURSE, stdout=out, stderr=out,
                                  env=os.environ | {"JUPYTER_TOKEN": token})
    try:
        wait_until(lambda: _answers(port, token) or server.poll() is not None, within, "JupyterLab to answer",
                   lambda: _tail(log))
        if server.poll() is not None:
            raise LabsError(f"JupyterLab did not start. The end of {log}:\n{_tail(log)}")
        _open(say, "JupyterLab is open (Ctrl-C ends it; the services go on until `labs down`):", port, token, browser)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait(timeout=20)


def _command(port: int, instructor: bool) -> list[str]:
    graders = ("formgrader", "course_list", "assignment_list")  # half the start-up time, and no use to a student
    return [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0", f"--ServerApp.root_dir={COURSE}", f"--LabApp.default_url=/{START_PAGE}",
            "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            *(() if instructor else [f"--ServerApp.jpserver_extensions=nbgrader.server_extensions.{g}=False" for g in graders]),
            *(["--allow-root"] if os.geteuid() == 0 else [])]


def _open(say, words: str, port: int, token: str, browser: bool) -> int:
    address = f"http://127.0.0.1:{port}/{START_PAGE}?token={token}"
    say(f"{words}\n  {address}")
    if browser:
        webbrowser.open(address)
    return 0


def _answers(port: int, token: str) -> bool:
    """Whether our JupyterLab, which knows our token, answers there."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/status", headers={"Authorization": f"token {token}"})
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _tail(log, lines: int = 6) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
