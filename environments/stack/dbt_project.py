"""A dbt project in a folder, and what came of running it, as plain data.

    project = DbtProject.copy("analytics")              # the reference project, in a folder of its own
    land(World(7, 20), project.warehouse)               # its raw tables: environments.stack.landing
    project.write("models/marts/fct_mrr.sql", "select ...")
    run = project.run("build", select="fct_mrr+")
    run.success, run["fct_mrr"].rows, run.failed()      # each node by its name
    project.rows("select * from marts.fct_mrr")

Each run is a process of its own, forked from one that has dbt imported (environments.forks), so nothing holds the
warehouse's file afterwards. Nothing is sent home. In a check the project is a stranger's: `locked=True` keeps the
database from all other files and settings, and what it left is read within limits.
"""

import json
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from environments import forks
from environments.busy import FairClock
from environments.errors import LabsError, TookTooLong

if TYPE_CHECKING:
    import duckdb

REFERENCE = Path(__file__).parent / "dbt"
LOCKED = Path(__file__).parent / "dbt_locked"  # the profile of a project that is not trusted
WAREHOUSE = "warehouse.duckdb"
TIMEOUT_S, LOOK_TIMEOUT_S = 120, 30  # of a machine that works for it: for a run, and for a question
MAX_ANSWER, MAX_WAREHOUSE, MAX_ROWS = 32 * 2**20, 512 * 2**20, 1_000_000
MAX_TEXT = 2000  # characters of a message that are kept
KEPT = ("LANG", "LC_ALL", "PATH", "HOME", "TMPDIR")
NOT_COPIED = shutil.ignore_patterns("target", "logs", "*.duckdb", "*.wal", ".user.yml")
CLOSED: dict[str, Any] = {"enable_external_access": "false", "threads": 1, "memory_limit": "512MB"}  # and then locked
BAD = ("error", "fail", "runtime error", "skipped")


@dataclass(frozen=True)
class NodeRun:
    """What came of one model, test, seed or snapshot."""

    id: str
    name: str
    kind: str           # model | test | seed | snapshot | unit_test | exposure
    status: str         # success | pass | fail | error | warn | skipped | no-op
    message: str
    failures: int | None  # rows of a test
    rows: int | None    # rows written, where the database says so
    seconds: float
    sql: str            # compiled
    path: str

    @property
    def passed(self) -> bool:
        return self.status not in BAD


@dataclass(frozen=True)
class DbtRun:
    """What came of one command. `error` is why it did not begin, such as a model that cannot be parsed; else it is
    empty."""

    success: bool
    error: str
    nodes: tuple[NodeRun, ...]

    def __getitem__(self, name: str) -> NodeRun:
        """A node by its name. LabsError where the run had none of this name."""
        found = next((node for node in self.nodes if node.name == name), None)
        if not found:
            raise LabsError(f"dbt ran nothing called {name}.", self.why() or "Look at the name and what you selected.")
        return found

    def failed(self) -> list[NodeRun]:
        """What failed, without what was skipped for it."""
        return [node for node in self.nodes if not node.passed and node.status != "skipped"]

    def why(self) -> str:
        """Why it failed, in one or two lines; nothing where it did not."""
        if self.error:
            return _short(self.error)
        return next((f"{node.kind} {node.name} ({node.path}): {_short(node.message)}" for node in self.failed()),
                    "" if self.success else "dbt failed without saying why.")


class DbtProject:
    """A project's folder. Its warehouse is `warehouse.duckdb` in it, unless another path is given."""

    def __init__(self, folder: Path | str, warehouse: Path | str | None = None, locked: bool = False):
        self.folder = Path(folder).absolute()
        self.warehouse = Path(warehouse).absolute() if warehouse else self.folder / WAREHOUSE
        self.locked = locked

    @classmethod
    def copy(cls, folder: Path | str, warehouse: Path | str | None = None, locked: bool = False,
             source: Path = REFERENCE) -> "DbtProject":
        """The reference project, or another one, copied into a folder; what is there of the same name is replaced."""
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=NOT_COPIED)
        parsed = Path(source) / "target" / "partial_parse.msgpack"
        if parsed.exists():
            (Path(folder) / "target").mkdir(exist_ok=True)
            shutil.copyfile(parsed, Path(folder) / "target" / parsed.name)
        return cls(folder, warehouse, locked)

    # Texts

    def write(self, path: str, text: str) -> None:
        """Put a file into the project. LabsError for a path that leads out of it."""
        file = self._file(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        return self._file(path).read_text(encoding="utf-8")

    def remove(self, *paths: str) -> None:
        """Take files out of the project, if they are there."""
        for path in paths:
            self._file(path).unlink(missing_ok=True)

    def _file(self, path: str) -> Path:
        file = (self.folder / path).resolve()
        if not file.is_relative_to(self.folder.resolve()):
            raise LabsError(f"{path} is outside of the project.", "Give a path such as models/marts/fct_mrr.sql.")
        return file

    # Runs

    def run(self, command: str = "build", *more: str, select: str | Sequence[str] = (),
            exclude: str | Sequence[str] = (), vars: dict | None = None, full_refresh: bool = False,
            target: str = "duckdb", environment: dict[str, str] | None = None, within: float = TIMEOUT_S) -> DbtRun:
        """Run a command of dbt, such as build, run, test, seed, snapshot, compile or parse; `more` goes to it as
        typed, and to the profile what `environment` says. TookTooLong after `within` seconds."""
        arguments = [command, *more, "--project-dir", ".", "--profiles-dir", self._profiles(), "--target", target]
        for option, chosen in (("--select", select), ("--exclude", exclude)):
            if chosen:
                arguments += [option, *([chosen] if isinstance(chosen, str) else chosen)]
        arguments += ["--vars", json.dumps(vars)] if vars else []
        arguments += ["--full-refresh"] if full_refresh else []
        # Nobody asks a locked project for its manifest, and to write it takes a third of a short run.
        arguments += ["--no-write-json"] if self.locked else []
        return self._ran(arguments, within, environment or {})

    def docs(self, within: float = TIMEOUT_S) -> Path:
        """The project's documentation with its lineage, in one HTML file, made now; without the compiled SQL, which
        takes about twice as long. LabsError where it cannot be made."""
        for command in (["parse"], ["docs", "generate", "--static", "--no-compile"]):
            run = self.run(*command, within=within)
            if not run.success:
                raise LabsError(f"dbt made no documentation: {run.why()}")
        return self.folder / "target" / "static_index.html"

    def _profiles(self) -> str:
        return str(LOCKED) if self.locked else "."

    def _ran(self, arguments: list[str], within: float, environment: dict[str, str]) -> DbtRun:
        with tempfile.TemporaryDirectory(prefix="labs-dbt-") as folder:
            answer = Path(folder) / "answer.json"
            asked = {"folder": str(self.folder), "arguments": arguments, "answer": str(answer),
                     "environment": self._environment() | environment}
            try:
                forks.run("environments.stack.dbt_runs:perform", asked, within)
            except TookTooLong:
                raise TookTooLong(f"dbt {arguments[0]} did not end within {within:g} s.",
                                  "Look for an endless loop in a macro, or a join that makes too many rows.") from None
            return _believed(answer)

    def _environment(self) -> dict[str, str]:
        # A relative path: dbt parses everything again where the profile names another one.
        kept = {} if self.locked else {name: value for name, value in os.environ.items()
                                       if name.startswith(("PG", "DBT_", "TEASPOON_"))}
        return kept | {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "TZ": "UTC",
            "TEASPOON_WAREHOUSE": os.path.relpath(self.warehouse, self.folder)}

    # What is there afterwards

    def manifest(self) -> dict:
        """What dbt knows of the project since its last run: nodes, sources, who depends on whom.
        A locked one has none."""
        return json.loads(_text_of(self.folder / "target" / "manifest.json"))

    def rows(self, sql: str, *values) -> list[tuple]:
        """Ask the warehouse, which stays as it is. LabsError where the question or the file is no good."""
        return look(self.warehouse, sql, *values)


def look(warehouse: Path | str, sql: str, *values, zone: str = "") -> list[tuple]:
    """Ask a warehouse that somebody else has written: it may say what it likes, but have nothing else read or
    written. `zone` is the session's time zone, the machine's if not given."""
    import duckdb  # only here: a look at the status of services need not wait for it

    log = Path(f"{warehouse}.wal")  # DuckDB reads it, too: a pipe in its place would never end
    if not _is_file(Path(warehouse), MAX_WAREHOUSE) or os.path.lexists(log) and not _is_file(log, MAX_WAREHOUSE):
        raise LabsError(f"there is no warehouse {Path(warehouse).name}, or it is too large.", "Run dbt build first.")
    try:
        with duckdb.connect(str(warehouse), read_only=True, config=CLOSED) as con, _interrupted(con, LOOK_TIMEOUT_S):
            if zone:
                con.execute(f"set timezone = '{zone}'")
            con.execute("set lock_configuration = true")
            found = con.execute(sql, values).fetchmany(MAX_ROWS + 1)
    except duckdb.InterruptException:
        raise LabsError(f"the warehouse does not answer within {LOOK_TIMEOUT_S} s.",
                        "Look for a view with a join that makes too many rows.") from None
    except duckdb.IOException as e:
        raise LabsError(f"the warehouse cannot be read: {_short(str(e))}",
                        "Close the notebook or program that has it open.") from None
    except duckdb.Error as e:
        raise LabsError(f"the warehouse does not answer: {_short(str(e))}") from None
    if len(found) > MAX_ROWS:
        raise LabsError(f"more than {MAX_ROWS:,} rows.", "Look for a join that makes too many.")
    return found


@contextmanager
def _interrupted(con: "duckdb.DuckDBPyConnection", within: float) -> Iterator[None]:
    """Interrupt what is asked in the block after so many seconds of a machine that works for it."""
    done, clock = threading.Event(), FairClock(longest=1)

    def watch() -> None:
        while not done.wait(0.2):
            if clock.seconds() > within:
                con.interrupt()

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()


def _believed(answer: Path) -> DbtRun:
    """What a run says of itself, as far as its form is right."""
    try:
        told = json.loads(_text_of(answer))
        nodes = tuple(map(_node, told["nodes"]))
        return DbtRun(told["success"] is True, str(told["error"])[:MAX_TEXT], nodes)
    except (LabsError, ValueError, KeyError, TypeError, RecursionError):
        return DbtRun(False, "dbt ended without a result: it was stopped, or ran out of memory.", ())


def _node(told: dict) -> NodeRun:
    id, name, kind, status, message, path = (
        str(told[field])[:MAX_TEXT] for field in ("id", "name", "kind", "status", "message", "path"))
    failures, rows = (told[field] if isinstance(told[field], int) else None for field in ("failures", "rows"))
    return NodeRun(id, name, kind, status, message, failures, rows, float(told["seconds"]), str(told["sql"]), path)


def _text_of(file: Path) -> str:
    if not _is_file(file, MAX_ANSWER):
        raise LabsError(f"there is no {file.name}, or it is too large.", "Run dbt parse first.")
    return file.read_text(encoding="utf-8")


def _is_file(path: Path, most: int) -> bool:
    try:
        there = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(there.st_mode) and there.st_size <= most


def _short(message: str) -> str:
    """What an error of dbt says, without the lines around it."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("compiled code at", "> in macro", "> called by"))]
    return " ".join(kept)[:300]
