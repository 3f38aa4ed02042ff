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

from environments.bi.client import BiClient
from environments.errors import LabsError
from environments.one_program import OneProgramService
from environments.own import OwnEnvironment
from environments.pages import proxied
from environments.saas.app import LOOPBACK
from environments.workspace import write_whole

ADMIN = "admin"
HERE = Path(__file__).parent
QUIET = {"DO_NOT_TRACK": "1", "PYTHONWARNINGS": "ignore"}
METADATA_S = 600  # a machine that needs longer for Superset's migrations hangs
ENVIRONMENT = OwnEnvironment("bi")


class BiService(OneProgramService[BiClient]):
    """Its folder has the metadata: users, datasets, charts, dashboards. What is installed stays when that is reset."""

    name, called, awaited = "bi", "the BI tool", "Superset"
    nothing_lost = "no dashboard was lost"

    @staticmethod
    def install() -> None:
        """Its environment and an empty metadata file, made where they are missing; what it takes is told first."""
        ENVIRONMENT.make()
        ENVIRONMENT.keep(_metadata_name(), _make_metadata)

    def _prepare(self) -> None:
        self.install()
        if not self._kept().exists():
            self._copy_metadata()

    def _kept(self) -> Path:
        return self.folder / "superset.db"

    def _start(self) -> subprocess.Popen:
        return self.process.start(self._command(), self._environment(), self.folder)

    def _client(self) -> BiClient:
        """As its administrator."""
        port = self.workspace.port(self.name)
        return BiClient(port, proxied(port, whole=True), ADMIN, self.workspace.secret("bi"))

    def _answers(self, pid: int) -> bool:
        return self._client().answers()

    def _copy_metadata(self) -> None:
        """An empty tool's, with this workspace's password."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f"draft-{os.getpid()}.db"
        shutil.copyfile(ENVIRONMENT.kept(_metadata_name()), draft)
        draft.chmod(0o600)
        with closing(sqlite3.connect(draft)) as con, con:
            con.execute("update ab_user set password = ? where username = ?",
                        (hashed(self.workspace.secret("bi")), ADMIN))
        draft.replace(self._kept())

    def _command(self) -> list[str]:
        """One process with threads: several would each take 300 MB."""
        return [str(ENVIRONMENT.program("gunicorn")), "--workers", "1", "--worker-class", "gthread", "--threads", "8",
                "--timeout", "120", "--no-control-socket", "--bind", f"{LOOPBACK}:{self.workspace.port('bi')}",
                "superset.app:create_app()"]

    def _environment(self) -> dict[str, str]:
        root = proxied(self.workspace.port("bi"), whole=True).rstrip("/")
        return settings(self._kept(), self.workspace.secret("bi-sessions")) | {"SUPERSET_APP_ROOT": root}


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
