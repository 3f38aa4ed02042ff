"""The SaaS simulator as one workspace keeps it: a process that outlives kernels, found again and fixed when killed."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from environments.background import unmarked
from environments.causes import of_machine
from environments.errors import LabsError
from environments.grading_needs import GradingNeeds
from environments.place import COURSE
from environments.saas.app import APIS, LOOPBACK
from environments.saas.clock import Clock
from environments.saas.handle import SimulatorClient
from environments.services import Status, starts
from environments.waiting import wait_until
from environments.workspace import Workspace, write_whole

MODULE = "environments.saas.serve"


@dataclass(frozen=True)
class WorldConfig:
    """The world that is simulated. `clock` is fixed or real; see environments.saas.clock.
    `timezone` is that of the Mixpanel project."""

    seed: int
    size: str = "small"
    clock: str = "fixed"
    timezone: str = "UTC"

    @classmethod
    def of(cls, data: dict) -> "WorldConfig":
        return cls(**data)

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.size}, {self.clock} clock" + (
            f", Mixpanel in {self.timezone}" if self.timezone != "UTC" else ""
        )

    @property
    def households(self) -> int:
        from datasets.sizes import SIZES

        return SIZES[self.size]

    @property
    def log_name(self) -> str:
        """Where the writes to this world go: those to another one make no sense here."""
        return f"{self.seed}-{self.size}-{self.clock}.jsonl"

    def clock_of(self, workspace: Workspace) -> Clock:
        """The real clock's shift is kept, so that a restart on another day does not move the past."""
        if self.clock == "fixed":
            return Clock.fixed()
        return Clock.real(int(workspace.remember("saas-shift", lambda: Clock.real().shift)))


@dataclass(frozen=True)
class Ready:
    """What a simulator writes down once all of its ports take requests."""

    pid: int
    ports: dict[str, int]
    wanted: WorldConfig

    @classmethod
    def of(cls, text: str) -> "Ready":
        data = json.loads(text)
        return cls(data["pid"], data["ports"], WorldConfig.of(data["wanted"]))

    def to_json(self) -> str:
        return json.dumps(asdict(self))


class SimulatorService:
    """The simulator's process in a workspace. Who changes something holds the workspace's lock, as for `Postgres`."""

    grading = GradingNeeds(jobs_per_cpu=3)  # checks mostly wait for it

    def __init__(self, workspace: Workspace):
        self.workspace = workspace

    def up(self, within: float = 60, **wanted) -> list[str]:
        """Start what is not running; what was done, a line each. `seed`, `size`, `clock` are kept for later starts.

        Where they differ from those of the running simulator, it is started again. Raises LabsError where it cannot
        start.
        """
        wish = self.wish(**wanted)
        ready = self.running()
        if ready and ready.wanted == wish:
            return []
        had = self.state()
        self._end()
        self._start(wish, within)
        return [_what_happened(had, ready, wish)]

    def down(self, within: float = 10) -> list[str]:
        """Stop the simulator, also one whose notes are lost."""
        there = self._ours()
        self._end(within)
        return ["saas stopped"] if there else []

    def reset(self) -> None:
        """Stop, and forget what was written and which world was wanted."""
        self.down()
        for file in folder(self.workspace).glob("*.jsonl"):
            file.unlink()
        for note in ("saas-options", "saas-wanted", "saas-shift"):
            self.workspace.note(note).unlink(missing_ok=True)

    def status(self) -> list[Status]:
        """One line for each API."""
        state = self.state()
        noted = self._noted()
        ports = noted.ports if noted and state == "running" else {}
        next = starts("saas") if state in ("killed", "stopped") else ""
        return [Status(name, state, f"{LOOPBACK}:{ports[name]}" if ports else "", next) for name in APIS]

    def places(self) -> dict[str, dict]:
        """How to reach each API, and what opens it."""
        return self.client().as_dict()

    def state(self) -> str:
        """running, killed, stopped or not built (never started in this workspace)."""
        if self.running():
            return "running"
        if self._noted():
            return "killed"
        return "stopped" if self.workspace.note("saas-wanted").exists() else "not built"

    def running(self) -> Ready | None:
        """The live simulator of this workspace; a stale note, or its process id used again, is nobody."""
        ready = self._noted()
        with contextlib.suppress(psutil.Error):
            if ready and self._is_ours(psutil.Process(ready.pid)):
                return ready
        return None

    def client(self) -> SimulatorClient:
        """The running simulator from outside. LabsError where it does not run."""
        ready = self.running()
        if not ready:
            state = {"killed": "was killed", "stopped": "is stopped"}.get(self.state(), "has not been started yet")
            raise LabsError(f"the SaaS simulator {state}.", f"Type in a terminal: {starts('saas')}")
        return self._client(ready)

    def _client(self, ready: Ready) -> SimulatorClient:
        return SimulatorClient(ready.ports, self.workspace.secret("saas-admin"))

    def log(self, lines: int = 6) -> str:
        """The last lines of what its process has said."""
        file = folder(self.workspace) / "log"
        return (
            "\n".join(file.read_text(errors="replace").strip().splitlines()[-lines:])
            if file.exists()
            else "(no log yet)"
        )

    def wish(self, keep: bool = True, **wanted) -> WorldConfig:
        """What to simulate: what is asked for now, else what was asked for last, else the workspace's own small world.

        `keep` remembers what is asked for now.
        """
        note = self.workspace.note("saas-options")
        chosen = {name: value for name, value in wanted.items() if value is not None}
        options = (json.loads(note.read_text()) if note.exists() else {}) | chosen
        if chosen and keep:
            write_whole(note, json.dumps(options))
        first: dict = {"seed": self.workspace.seed}
        return WorldConfig(**first | options)

    def _start(self, wish: WorldConfig, within: float) -> None:
        write_whole(self.workspace.note("saas-wanted"), json.dumps(asdict(wish)))
        process = self._launch()
        wait_until(
            lambda: process.poll() is not None or self._is_up(),
            within,
            "the SaaS simulator to answer on all its ports",
            self.log,
            fair=True,
        )
        if process.poll() is not None:
            failed = "the SaaS simulator did not start"
            raise of_machine(failed, self.log(40), folder(self.workspace), process.returncode) or LabsError(
                f"{failed}. The end of its log:\n{self.log()}",
                f"Its log is {folder(self.workspace) / 'log'}; `labs doctor` looks for what this machine lacks.")

    def _launch(self) -> subprocess.Popen:
        """In a session of its own: it outlives us, and Ctrl-C in a notebook does not reach it."""
        opened = os.open(folder(self.workspace) / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(opened, "w") as out:
            return subprocess.Popen(
                [sys.executable, "-m", MODULE, str(self.workspace.root)],
                cwd=COURSE,
                env=unmarked(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def _is_up(self) -> bool:
        ready = self.running()
        return ready is not None and self._answers(ready)

    def _answers(self, ready: Ready) -> bool:
        """Whether every port takes connections and every API answers.
        No API is asked from outside, where it would be counted."""
        try:
            for port in ready.ports.values():
                socket.create_connection((LOOPBACK, port), timeout=5).close()
            return self._client(ready).answers()
        except (OSError, LabsError):
            return False

    def _end(self, within: float = 10) -> None:
        """End our processes, by force where asking does not help within the time; then forget the note."""
        processes = self._ours()
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        for process in psutil.wait_procs(processes, within)[1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.workspace.note("saas-ready").unlink(missing_ok=True)

    def _noted(self) -> Ready | None:
        try:
            return Ready.of(self.workspace.note("saas-ready").read_text())
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def _ours(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            return (
                process.cmdline()[-2:] == [MODULE, str(self.workspace.root)]
                and process.status() != psutil.STATUS_ZOMBIE
            )
        return False


def _what_happened(had: str, before: Ready | None, wish: WorldConfig) -> str:
    if before:
        return f"saas started again: {wish} (it was {before.wanted})"
    return (
        f"saas had been killed: started again, nothing written was lost: {wish}"
        if had == "killed"
        else f"saas started: {wish}"
    )


def folder(workspace: Workspace) -> Path:
    """Where the simulator's logs are."""
    path = workspace.root / "saas"
    path.mkdir(mode=0o700, exist_ok=True)
    return path
