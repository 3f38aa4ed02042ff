"""Superset as one workspace keeps it: installed on first use, found again, and started again where it was killed.

What is known of its ways, seen with Superset 6.1 on 2026-11-30: its migrations take 15 s of CPU, so an empty metadata
file is made once and copied; under a path it answers only where SUPERSET_APP_ROOT names that path.
"""

import hashlib
import os
import secrets
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from environments.background import Background
from environments.bi.client import BiClient
from environments.causes import of_machine
from environments.errors import LabsError
from environments.grading_needs import GradingNeeds
from environments.own import OwnEnvironment
from environments.pages import proxied
from environments.saas.app import LOOPBACK
from environments.services import Status, starts
from environments.waiting import wait_until
from environments.workspace import Workspace, write_whole

ADMIN = "admin"
HERE = Path(__file__).parent
QUIET = {"DO_NOT_TRACK": "1", "PYTHONWARNINGS": "ignore"}
METADATA_S = 600  # a machine that needs longer for Superset's migrations hangs
ENVIRONMENT = OwnEnvironment("bi")


class BiService:
    """Who changes something holds the workspace's lock."""

    grading = GradingNeeds()

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self.folder = workspace.root / "bi"
        self.metadata = self.folder / "superset.db"
        self.process = Background(workspace, "bi", self.folder)

    @staticmethod
    def install() -> None:
        """Its environment and an empty metadata file, made where they are missing; what it takes is told first."""
        ENVIRONMENT.make()
        ENVIRONMENT.keep(_metadata_name(), _make_metadata)

    def up(self, within: float = 120) -> list[str]:
        """Start it where it does not run; what was done, a line each. Raises LabsError where it cannot start."""
        if self.process.running():
            return []
        self.install()
        had = self.state()
        self.process.end()
        if not self.metadata.exists():
            self._copy_metadata()
        self.workspace.settle_port("bi")
        started = self.process.start(self._command(), self._environment(), self.folder)
        wait_until(lambda: started.poll() is not None or self._client().answers(), within, "Superset to answer",
                   self.process.log, fair=True)
        if started.poll() is not None:
            raise self._not_started(started)
        return ["bi had been killed: started again, no dashboard was lost" if had == "killed" else "bi started"]

    def down(self) -> list[str]:
        return ["bi stopped"] if self.process.end() else []

    def reset(self) -> None:
        """Stop, and forget every dashboard. What is installed stays."""
        self.down()
        shutil.rmtree(self.folder, ignore_errors=True)

    def status(self) -> list[Status]:
        """Nothing until it was started for the first time."""
        state = self.state()
        if state == "not built":
            return []
        where = f"{LOOPBACK}:{self.workspace.port('bi')}" if state == "running" else ""
        return [Status("bi", state, where, "" if where else starts("bi"))]

    def state(self) -> str:
        """running, killed, stopped or not built."""
        if self.process.running():
            return "running"
        if self.process.killed():
            return "killed"
        return "stopped" if self.metadata.exists() else "not built"

    def places(self) -> dict[str, dict]:
        """Where its pages are, and who may do everything there."""
        return {"bi": self.client().as_dict()}

    def client(self) -> BiClient:
        """The running tool, as its administrator. LabsError where it does not run."""
        if not self.process.running():
            state = {"killed": "was killed", "stopped": "is stopped"}.get(self.state(), "has not been started yet")
            raise LabsError(f"the BI tool {state}.", f"Type in a terminal: {starts('bi')}")
        return self._client()

    def _client(self) -> BiClient:
        port = self.workspace.port("bi")
        return BiClient(port, proxied(port, whole=True), ADMIN, self.workspace.secret("bi"))

    def _copy_metadata(self) -> None:
        """An empty tool's, with this workspace's password."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f"draft-{os.getpid()}.db"
        shutil.copyfile(ENVIRONMENT.kept(_metadata_name()), draft)
        draft.chmod(0o600)
        with closing(sqlite3.connect(draft)) as con, con:
            con.execute("update ab_user set password = ? where username = ?",
                        (hashed(self.workspace.secret("bi")), ADMIN))
        draft.replace(self.metadata)

    def _command(self) -> list[str]:
        """One process with threads: several would each take 300 MB."""
        return [str(ENVIRONMENT.program("gunicorn")), "--workers", "1", "--worker-class", "gthread", "--threads", "8",
                "--timeout", "120", "--no-control-socket", "--bind", f"{LOOPBACK}:{self.workspace.port('bi')}",
                "superset.app:create_app()"]

    def _environment(self) -> dict[str, str]:
        root = proxied(self.workspace.port("bi"), whole=True).rstrip("/")
        return settings(self.metadata, self.workspace.secret("bi-sessions")) | {"SUPERSET_APP_ROOT": root}

    def _not_started(self, started: subprocess.Popen) -> LabsError:
        failed, log = "the BI tool did not start", self.process.log(40)
        self.process.end()
        return of_machine(failed, log, self.folder, started.returncode) or LabsError(
            f"{failed}. The end of its log:\n{self.process.log()}",
            f"Its log is {self.folder / 'bi.log'}; `labs doctor` looks for what this machine lacks.")


def settings(metadata: Path, secret: str) -> dict[str, str]:
    """The environment of Superset on this metadata file."""
    return QUIET | {"LABS_BI_METADATA": str(metadata), "LABS_BI_SECRET": secret, "FLASK_APP": "superset",
                    "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py")}


def hashed(password: str) -> str:
    """As Superset's own users are kept: scrypt in the form of werkzeug.security, tried with werkzeug 3.1."""
    salt = secrets.token_hex(8)
    key = hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**15, r=8, p=1, maxmem=2**27, dklen=64)
    return f"scrypt:32768:8:1${salt}${key.hex()}"


def _metadata_name() -> str:
    """Changes with what makes it."""
    return f"metadata-{hashlib.sha256((HERE / 'new_metadata.py').read_bytes()).hexdigest()[:12]}.db"


def _make_metadata(file: Path) -> None:
    made = subprocess.run([ENVIRONMENT.program("python"), HERE / "new_metadata.py"], timeout=METADATA_S, text=True,
                          env=os.environ | settings(file, secrets.token_urlsafe(42)), cwd=file.parent,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if made.returncode:
        log = ENVIRONMENT.folder / "metadata.log"
        write_whole(log, made.stdout)
        raise LabsError(f"Superset's metadata could not be made: {made.stdout.strip().splitlines()[-1:]}",
                        f"Its log is {log}.")
