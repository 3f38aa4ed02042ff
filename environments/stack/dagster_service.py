"""Dagster as one workspace keeps it: its pages, its daemon, and one code server that both ask.

    labs up dagster --definitions pipeline.py

Three processes on loopback, found again and fixed when killed. `dagster dev` would load the definitions twice, and
take a gigabyte. What is known of their ways, seen with Dagster 1.13 on 2026-11-30:

- two code servers share a port without a word, so the port is looked at first;
- a code server survives SIGTERM, so it is killed in the end;
- a run belongs to its code server: with that it ends, and is then called failed (see dagster_runs).
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from environments.background import Background, end
from environments.causes import named
from environments.errors import LabsError
from environments.grading_needs import GradingNeeds
from environments.pages import proxied
from environments.place import COURSE
from environments.saas.app import LOOPBACK
from environments.services import Status, starts
from environments.stack.dagster_client import DagsterClient
from environments.stack.dagster_runs import unfinished
from environments.stack.dagster_wanted import Wanted, addresses, is_path
from environments.waiting import wait_until
from environments.workspace import Workspace, write_whole

SETTINGS = Path(__file__).with_name("dagster.yaml")
LOCATION = "teaspoon"  # what Dagster calls the definitions
PARTS = {"code": "its code server", "web": "its pages", "daemon": "its daemon"}  # in the order of their start
QUIET = {"DO_NOT_TRACK": "1", "DAGSTER_DISABLE_TELEMETRY": "1"}
KILL_AFTER = 3  # seconds that a process has to end by itself


def dagster(definitions: str | None = None, environment: dict[str, str] | None = None) -> DagsterClient:
    """The workspace's Dagster, running, on these definitions, or on those of last time."""
    workspace = Workspace.here()
    with named(), workspace.lock():
        service = DagsterService(workspace)
        service.up(definitions=definitions, environment=environment)
    return service.client()


class DagsterService:
    """Who changes something holds the workspace's lock."""

    grading = GradingNeeds()

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self.folder = workspace.root / "dagster"
        self.home = self.folder / "home"
        self.parts = {name: Background(workspace, f"dagster-{name}", self.folder) for name in PARTS}
        self._failed = 0  # runs that were going on when their code server ended

    def up(self, within: float = 120, definitions: str | None = None,
           environment: dict[str, str] | None = None) -> list[str]:
        """Start what is not running, or serves something else; what was done, a line each.

        `definitions` and `environment` are kept for later starts. The environment also has the addresses and keys of
        the workspace's other services, such as STRIPE_URL, STRIPE_API_KEY and ALERTS_TOKEN, and DAGSTER_UI. Raises
        LabsError where something does not start, or the definitions cannot be loaded: then Dagster runs, and its pages
        show the whole error.
        """
        wanted = self._wanted(definitions, environment)
        killed = [PARTS[name] for name, part in self.parts.items() if part.killed()]
        begun, late = self._start_all(wanted, within)
        self._check_loaded(wanted)
        return [*_what_happened(wanted, killed, begun, self._failed), *late]

    def down(self) -> list[str]:
        """Stop all of it, its runs too; what was running is called failed."""
        if not self._end_all():
            return []
        self._fail_unfinished()
        return [f"dagster stopped{_failed(self._failed)}"]

    def reset(self) -> None:
        """Stop, and forget all runs and what was served."""
        self._end_all()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.workspace.note("dagster-wanted").unlink(missing_ok=True)

    def _end_all(self) -> bool:
        """The daemon first: it would take a run from the queue for a code server that is ending."""
        return self.parts["daemon"].end(KILL_AFTER) | end([self.parts["web"], self.parts["code"]], KILL_AFTER)

    def status(self) -> list[Status]:
        """A line for each part; nothing until it was started for the first time."""
        if not self.home.exists():
            return []
        return [self._status(name, part) for name, part in self.parts.items()]

    def _status(self, name: str, part: Background) -> Status:
        state = "running" if part.running() else "killed" if part.killed() else "stopped"
        where = f"{LOOPBACK}:{self._port('web')}" if (name, state) == ("web", "running") else ""
        return Status(part.name, state, where, "" if state == "running" else starts("dagster"))

    def places(self) -> dict[str, dict]:
        """Where its pages are, on this machine and behind JupyterLab, and where it keeps its runs."""
        return {"dagster": self.client().as_dict()}

    def client(self) -> DagsterClient:
        """The running Dagster. LabsError where a part of it does not run."""
        dead = [PARTS[name] for name in PARTS if not self.parts[name].running()]
        if dead:
            killed = any(part.killed() for part in self.parts.values())
            state = f"of Dagster, {' and '.join(dead)} no longer run{'s' * (len(dead) == 1)}: killed." if killed else (
                "Dagster is not running.")
            raise LabsError(state, f"Type in a terminal: {starts('dagster')}")
        return self._client()

    def _client(self) -> DagsterClient:
        return DagsterClient(self._port("web"), proxied(self._port("web"), whole=True), self.home)

    def _wanted(self, definitions: str | None, environment: dict[str, str] | None) -> Wanted:
        note = self.workspace.note("dagster-wanted")
        kept = json.loads(note.read_text()) if note.exists() else {}
        kept["services"] = kept.get("services", {}) | addresses(self.workspace)
        if definitions:
            kept["definitions"] = str(Path(definitions).absolute()) if is_path(definitions) else definitions
        if environment is not None:
            kept["environment"] = environment
        if not kept.get("definitions"):
            raise LabsError("Dagster has nothing to run yet.",
                            "Say where your definitions are: labs up dagster --definitions FILE")
        wanted = Wanted(kept["definitions"], kept["services"] | kept.get("environment", {}))
        wanted.sources()
        write_whole(note, json.dumps(kept))
        return wanted

    def _start_all(self, wanted: Wanted, within: float) -> tuple[list[str], list[str]]:
        """Which parts were started, and what could not be done yet.

        The daemon comes last: with two processors it would only keep the pages waiting.
        """
        self._write_settings()
        code, edition, late = self.parts["code"], wanted.edition(), []
        if code.running() and code.facts().get("edition") != edition and unfinished(self.home):
            edition = code.facts()["edition"]
            late = ["dagster keeps the old definitions while a run is going on: run this again once it has ended"]
        for name in ("code", "web"):
            self._settle_port(name)
        begun = [name for name in ("code", "web") if self._start(name, wanted, edition)]
        if begun == ["code"]:
            self._show_new_code(within)
        self._wait_for_pages(within)
        return begun + [name for name in ("daemon",) if self._start(name, wanted, edition)], late

    def _write_settings(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = SETTINGS.read_text()
        file = self.home / "dagster.yaml"
        if not file.exists() or file.read_text() != settings:
            write_whole(file, settings)

    def _start(self, name: str, wanted: Wanted, edition: str) -> bool:
        """Start this part, unless it runs as it is wanted now; whether it was started."""
        part, facts = self.parts[name], {"edition": edition, "ui": self._ui()} if name == "code" else {}
        as_wanted = facts | {"command": self._command(name, wanted)}
        if part.running() and as_wanted.items() <= part.facts().items():
            return False
        part.end(KILL_AFTER)
        if name == "code":
            self._fail_unfinished()
        part.start(self._command(name, wanted), self._environment(wanted), wanted.folder, **facts)
        return True

    def _settle_port(self, name: str) -> None:
        """The port that a part is about to listen on is its own."""
        part = self.parts[name]
        if not part.running():
            end([part], KILL_AFTER, forget=False)
            self.workspace.settle_port(part.name)

    def _ui(self) -> str:
        """Where a link in an alert leads: on a hub only what goes through JupyterLab can be reached."""
        client = self._client()
        return (client.path if "JUPYTERHUB_SERVICE_PREFIX" in os.environ else client.url).rstrip("/")

    def _command(self, name: str, wanted: Wanted) -> list[str]:
        start = [sys.executable, "-m", "environments.stack.dagster_start"]
        port = str(self._port(name)) if name != "daemon" else ""
        if name == "code":
            return [*start, "dagster", "api", "grpc", *wanted.arguments, "--working-directory", str(wanted.folder),
                    "--host", LOOPBACK, "--port", port, "--location-name", LOCATION, "--lazy-load-user-code"]
        workspace = ["--workspace", str(self._workspace_file())]
        if name == "daemon":
            return [*start, "dagster._daemon", "run", *workspace]
        prefix = proxied(int(port), whole=True).rstrip("/")
        return [*start, "dagster_webserver", *workspace, "--host", LOOPBACK, "--port", port, "--path-prefix", prefix]

    def _workspace_file(self) -> Path:
        """Where the code server is, for the other two. Its name has the port: they do not read it a second time."""
        port = self._port("code")
        file = self.folder / f"workspace-{port}.yaml"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            server = {"host": LOOPBACK, "port": port, "location_name": LOCATION}
            write_whole(file, json.dumps({"load_from": [{"grpc_server": server}]}))  # JSON is YAML, too
        return file

    def _environment(self, wanted: Wanted) -> dict[str, str]:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])  # dbt is there
        return wanted.environment | QUIET | {"DAGSTER_HOME": str(self.home), "DAGSTER_UI": self._ui(),
                                             "LABS_HOME": str(self.workspace.root), "PATH": path}

    def _port(self, name: str) -> int:
        return self.workspace.port(f"dagster-{name}")

    def _show_new_code(self, within: float) -> None:
        """Pages that run still show what the code server before had loaded."""
        wait_until(lambda: self._dead("code", "web") or self._shows_new_code(), within,
                   "Dagster's code server to listen", self.parts["code"].log, fair=True)

    def _shows_new_code(self) -> bool:
        with contextlib.suppress(LabsError):
            if self._listens():
                self._client().reload(LOCATION)
                return True
        return False

    def _wait_for_pages(self, within: float) -> None:
        """Until they answer, and have asked the code server."""
        wait_until(lambda: self._dead("code", "web") or self._pages_know(), within, "Dagster's pages to answer",
                   self.parts["web"].log, fair=True)
        for part in self._dead("code", "web"):
            raise part.not_started(part.name, lines=60)

    def _pages_know(self) -> bool:
        client = self._client()
        with contextlib.suppress(LabsError):
            if client.definitions().state == "unreachable" and self._listens():
                client.reload(LOCATION)  # they asked before it listened, and would ask again in ten seconds
            return client.definitions().state in ("loaded", "failed")
        return False

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, self._port("code")), timeout=5):
            return True
        return False

    def _dead(self, *names: str) -> list[Background]:
        return [self.parts[name] for name in names or PARTS if not self.parts[name].running()]

    def _check_loaded(self, wanted: Wanted) -> None:
        if error := self._client().definitions().error:
            raise LabsError(f"Dagster runs, but cannot load {wanted.definitions}: {error}",
                            "Correct it, and run this again; Dagster's pages show the whole error.")

    def _fail_unfinished(self) -> None:
        """Nothing that was launched runs any more: say so of the runs that have not ended."""
        if unfinished(self.home):
            said = subprocess.run([sys.executable, "-m", "environments.stack.dagster_runs"], cwd=COURSE, check=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=300,
                                  env=os.environ | QUIET | {"DAGSTER_HOME": str(self.home)}).stdout
            self._failed += int(said)


def _what_happened(wanted: Wanted, killed: list[str], begun: list[str], failed: int) -> list[str]:
    if killed:
        return [f"dagster: {', '.join(killed)} had been killed: started again{_failed(failed) or ', no run was lost'}"]
    if begun == list(PARTS):
        return [f"dagster started: {wanted.definitions}"]
    return ["dagster loaded your definitions again"] if begun else []


def _failed(runs: int) -> str:
    return f"; {runs} run{'s' * (runs != 1)} that had begun failed by that" if runs else ""
