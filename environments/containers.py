"""PostgreSQL 18 in containers: one server of compose.yaml behind the same verbs as `Embedded`.

Compose makes the containers, their network and volumes; everything after that asks the engine directly.
"""

import json
import os
import shlex
import shutil
import subprocess
import uuid
from functools import cache
from hashlib import sha256
from pathlib import Path

from environments.errors import LabsError
from environments.waiting import wait_until
from environments.workspace import Workspace, free_port, write_whole

COMPOSE_FILE = Path(__file__).with_name("compose.yaml")
INSTEAD = "Or unset LABS_POSTGRES: the embedded PostgreSQL needs no containers."
EMBEDDED_ONLY = ("in containers there are two servers and no WAL archive.\n"
                 "Unset LABS_POSTGRES: the embedded PostgreSQL has both.")
SIGNALS = {"smart": "SIGTERM", "fast": "SIGINT", "immediate": "SIGQUIT"}
# Where the server listens is the container's affair, not Teaspoon's.
NOT_OURS = ("listen_addresses", "unix_socket_directories")
# The password is the first line of stdin, so neither a command line nor `docker inspect` ever shows it.
# The deadline is kept inside the container, where it outlives the caller.
PROGRAM = 'IFS= read -r PGPASSWORD; export PGPASSWORD LC_ALL=C TZ=UTC; exec timeout -k 5 "$@"'
# A whole file or the old one, with its owner and mode; a caller killed half-way changes nothing.
WRITE = """umask 077; f="$PGDATA/$1"; if [ -e "$f" ]; then cp -p "$f" "$f.new"; fi
           cat > "$f.new" && [ "$(wc -c < "$f.new")" -eq "$2" ] && mv "$f.new" "$f" """
SIZES = 'find "$PGDATA/$1" -type f -printf "%s\\n" 2>/dev/null; true'
EMPTY = 'mkdir -p "$PGDATA" && find "$PGDATA" -mindepth 1 -delete'


class Container:
    """The runtime behind a `Server` in a container. Primary and standby share `folder`: their ports and password."""

    host = "127.0.0.1"
    network = "samenet"
    data = "/var/lib/postgresql/18/docker"

    def __init__(self, folder: Path, name: str):
        self.folder = Path(folder).absolute()
        self.name = name
        self.container = f"{project(self.folder)}-{name}"
        self._volume = f"{project(self.folder)}_{name}"

    @property
    def port(self) -> int:
        return _port(self.folder, self.name)

    @property
    def peer(self) -> tuple[str, int]:
        return self.name, 5432

    def exists(self) -> bool:
        return self._has("PG_VERSION")

    def running(self) -> bool:
        return bool((self._inspect() or {}).get("State", {}).get("Running"))

    def killed(self) -> bool:
        """A pid file without its process: the server was killed, or the power went."""
        return not self.running() and self._has("postmaster.pid")

    def initdb(self, password: str, settings: dict) -> None:
        """Make a data directory and start the server on it: SCRAM passwords only, no line for replication yet."""
        if self.exists():
            raise LabsError(f"{self.name} has a data directory already: erase it first.")
        ours = [f"-c {shlex.quote(f'{k}={v}')}" for k, v in settings.items() if k not in NOT_OURS]
        _keep(self.folder, "password", password)
        _keep(self.folder, "initdb", " ".join(ours))
        self._create("--force-recreate")
        self._launch()
        wait_until(self._ready, 60, f"{self.name} to be initialised", self.log)
        self.write("pg_hba.conf", "# TYPE  DATABASE  USER  ADDRESS  METHOD\n"
                                  f"host    all       all   {self.network}  scram-sha-256\n")
        self._shell("pg_ctl reload --silent")

    def start(self, within: float = 60) -> None:
        if not self.running():
            self._launch()
        wait_until(self._ready, within, f"{self.name} to accept connections", self.log)

    def stop(self, mode: str = "fast", within: float = 60) -> None:
        self._signal(SIGNALS[mode], within)

    def kill(self) -> None:
        """SIGKILL to the server and all its processes at once, as a power cut would."""
        self._signal("SIGKILL", within=10)

    def run(self, program: str, *arguments: str, password: str | None = None, stdin: str | None = None,
            within: float = 60) -> str:
        """What a PostgreSQL program prints, run beside this server with PGDATA set; the password goes by environment.

        Raises LabsError with the program's last words where it fails or takes longer than `within` seconds.
        """
        done = self._inside(PROGRAM, f"{within:g}", program, *map(str, arguments),
                            stdin=f"{password or ''}\n{stdin or ''}", within=within + 30)
        if done.returncode in (124, 137):
            raise LabsError(f"{program} on {self.name} did not end within {within:g} s.")
        if done.returncode:
            raise LabsError(f"{program} on {self.name} failed: {_last_lines(done.stderr or done.stdout, 3)}")
        return done.stdout

    def read(self, name: str) -> str:
        return self._shell('cat "$PGDATA/$1"', name)

    def write(self, name: str, text: str) -> None:
        self._shell(WRITE, name, str(len(text.encode())), stdin=text)

    def size(self, name: str = "pg_wal") -> int:
        """Bytes of the files in a folder of the data directory; a file recycled in the meantime counts as nothing."""
        return sum(map(int, self._shell(SIZES, name).split()))

    def erase(self) -> None:
        """Empty the data directory. Raises LabsError while the server runs."""
        if self.running():
            raise LabsError(f"{self.name} is running: stop it before its data directory is erased.")
        if self._has_volume():
            self._shell(EMPTY)

    def archive(self) -> str:
        raise LabsError(EMBEDDED_ONLY)

    def erase_archive(self) -> None:
        raise LabsError(EMBEDDED_ONLY)

    def beside(self, name: str) -> "Container":
        raise LabsError(EMBEDDED_ONLY)

    def log(self, lines: int = 20) -> str:
        done = _engine("logs", f"--tail={lines}", self.container)
        return _last_lines(done.stdout + done.stderr, lines) if done.returncode == 0 else "(no log yet)"

    def _inspect(self) -> dict | None:
        """What the engine knows of the container, None where there is none."""
        done = _engine("inspect", self.container)
        if done.returncode and "no such" not in done.stderr.lower():
            raise LabsError(f"the container engine does not answer: {_last_lines(done.stderr, 1)}\n"
                            f"Start Docker, then run this again. {INSTEAD}")
        return None if done.returncode else json.loads(done.stdout)[0]

    def _has(self, name: str) -> bool:
        """Whether the data directory holds this file, the server running or not, its container removed or not."""
        if self._inspect():
            return _engine("cp", f"{self.container}:{self.data}/{name}", "-").returncode == 0
        return self._has_volume() and self._beside("none", "test", "-s", f"{self.data}/{name}").returncode == 0

    def _has_volume(self) -> bool:
        return _engine("volume", "inspect", self._volume).returncode == 0

    def _create(self, *options: str) -> None:
        """The container with its volume and network, not started; the first time the image is pulled."""
        _compose(self.folder, "up", "--no-start", *options, self.name, within=900)

    def _launch(self) -> None:
        if not self._inspect():
            self._create()
        started = _engine("start", self.container)
        if "already" in started.stderr:  # in use, or allocated: someone else took the port in the meantime
            _keep(self.folder, f"{self.name}.port", str(free_port()))
            self._create()
            started = _engine("start", self.container)
        if started.returncode:
            raise LabsError(f"{self.name} did not start: {_last_lines(started.stderr, 3)}")

    def _ready(self) -> bool:
        from psycopg import pq

        if pq.PGconn.ping(f"host={self.host} port={self.port} connect_timeout=2".encode()) == pq.Ping.OK:
            return True
        if not self.running():
            raise LabsError(f"{self.name} did not start. The end of its log:\n{self.log(6)}")
        return False

    def _signal(self, signal: str, within: float) -> None:
        if self.running():
            _engine("kill", f"--signal={signal}", self.container)
            wait_until(lambda: not self.running(), within, f"{self.name} to end after {signal}", self.log)

    def _shell(self, script: str, *arguments: str, stdin: str = "") -> str:
        done = self._inside(script, *arguments, stdin=stdin, within=60)
        if done.returncode:
            raise LabsError(f"{self.name}'s data directory: {_last_lines(done.stderr, 3)}")
        return done.stdout

    def _inside(self, script: str, *arguments: str, stdin: str, within: float) -> subprocess.CompletedProcess:
        """A script where the server's files are: in its container, or while that is stopped in a short-lived one."""
        if not self._inspect():
            self._create()
        command = ("sh", "-c", script, "sh", *arguments)
        if self.running():
            return _engine("exec", "--interactive", "--user=postgres", self.container, *command,
                           stdin=stdin, within=within)
        return self._beside(f"{project(self.folder)}_default", *command, stdin=stdin, within=within)

    def _beside(self, network: str, *command: str, stdin: str = "", within: float = 60) -> subprocess.CompletedProcess:
        """A command in a container of its own that sees this server's volume. It is removed here, not by --rm,
        with which some engines lose the exit status."""
        name = f"{self.container}-{uuid.uuid4().hex[:8]}"
        try:
            return _engine("run", "--interactive", "--user=postgres", f"--name={name}", f"--network={network}",
                           f"--label=labs={project(self.folder)}", f"--volume={self._volume}:/var/lib/postgresql",
                           _image(), *command, stdin=stdin, within=within)
        finally:
            _engine("rm", "--force", "--volumes", name)


def containers(workspace: Workspace) -> tuple[Container, Container]:
    """The primary and the standby of this workspace."""
    return Container(_folder(workspace), "primary"), Container(_folder(workspace), "standby")


def remove(workspace: Workspace, volumes: bool = False, within: float = 90) -> None:
    """Stop and remove this workspace's containers and network, and with `volumes` its data too."""
    folder = _folder(workspace)
    if not folder.exists():  # nothing was ever made
        return
    beside = _engine("ps", "--all", "--quiet", f"--filter=label=labs={project(folder)}").stdout.split()
    if beside:
        _engine("rm", "--force", "--volumes", *beside)
    _compose(folder, "down", *(["--volumes"] if volumes else []), within=within)


def _folder(workspace: Workspace) -> Path:
    return workspace.root / "containers"


def project(folder: Path) -> str:
    """What everything of this workspace is called in the engine."""
    return "labs-" + sha256(os.fsencode(folder)).hexdigest()[:8]


def _image() -> str:
    return os.environ.get("LABS_POSTGRES_IMAGE") or "postgres:18"


def _keep(folder: Path, name: str, text: str | None = None) -> str:
    """A small private file of the workspace: written where `text` is given, then read; "" where there is none."""
    if text is not None:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, text)
    return (folder / name).read_text() if (folder / name).exists() else ""


def _port(folder: Path, name: str) -> int:
    """The published port of this server, kept because a port of the engine's choice changes at each start."""
    return int(_keep(folder, f"{name}.port") or _keep(folder, f"{name}.port", str(free_port())))


@cache
def _programs() -> tuple[str, list[str]]:
    """The command of the container engine, and that of Compose."""
    engine, alone = shutil.which("docker") or shutil.which("podman"), shutil.which("docker-compose")
    if not engine:
        raise LabsError(f"neither docker nor podman is installed: install Docker, then run this again.\n{INSTEAD}")
    if subprocess.run([engine, "compose", "version"], capture_output=True).returncode == 0:
        return engine, [engine, "compose"]
    if not alone:
        raise LabsError(f"Docker Compose is not installed: install its plugin, then run this again.\n{INSTEAD}")
    return engine, [alone]


def _engine(*arguments: str, stdin: str = "", within: float = 60) -> subprocess.CompletedProcess:
    """One command of the container engine; its failure is the caller's to read."""
    return _call([_programs()[0], *arguments], dict(os.environ), stdin, within)


def _compose(folder: Path, *arguments: str, within: float) -> None:
    environment = {"LABS_PROJECT": project(folder), "LABS_POSTGRES_IMAGE": _image(),
                   "LABS_INITDB_ARGS": _keep(folder, "initdb"), "LABS_PASSWORD_FILE": str(folder / "password"),
                   "LABS_PRIMARY_PORT": str(_port(folder, "primary")),
                   "LABS_STANDBY_PORT": str(_port(folder, "standby"))}
    _keep(folder, "password", _keep(folder, "password"))
    done = _call([*_programs()[1], f"--file={COMPOSE_FILE}", f"--project-name={project(folder)}", *arguments],
                 os.environ | environment, "", within)
    if done.returncode:
        raise LabsError(f"docker compose {arguments[0]} failed: {_last_lines(done.stderr, 3)}\n{INSTEAD}")


def _call(command: list[str], environment: dict, stdin: str, within: float) -> subprocess.CompletedProcess:
    """Bytes go in as they are: in text mode Windows would change the line ends."""
    try:
        done = subprocess.run(command, env=environment, input=stdin.encode(), capture_output=True, timeout=within)
    except subprocess.TimeoutExpired:
        said = " ".join(command[:2])
        raise LabsError(f"`{said} ...` did not end within {within:g} s. Is Docker overloaded?") from None
    out, err = (said.decode(errors="replace") for said in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def _last_lines(text: str, lines: int) -> str:
    return "\n".join(text.strip().splitlines()[-lines:])
