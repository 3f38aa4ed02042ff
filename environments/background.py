"""A program that runs in a workspace, in a session of its own: it outlives who started it, is found again, and ended.

What it starts carries its mark in the environment, so that a killed program leaves nothing that nobody ends.
"""

import contextlib
import json
import os
import subprocess
from pathlib import Path

import psutil

from environments.causes import of_machine
from environments.errors import LabsError
from environments.place import COURSE
from environments.workspace import Workspace, write_whole

MARK = "LABS_SERVICE"


class Background:
    """One program of a workspace, by its name. Who starts or ends it holds the workspace's lock."""

    def __init__(self, workspace: Workspace, name: str, folder: Path):
        self.workspace, self.name, self.folder = workspace, name, folder
        self._mark = f"{name} {workspace.root}"
        self._note = workspace.note(f"{name}-process")

    def start(self, command: list[str], environment: dict | None = None, cwd: Path = COURSE,
              **facts) -> subprocess.Popen:
        """Start it, with an empty log. The command and `facts` are kept: they say later what it was started with."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(self.folder / f"{self.name}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(opened, "w") as out:
            process = subprocess.Popen(
                command, cwd=cwd, env=os.environ | (environment or {}) | {MARK: self._mark}, stdin=subprocess.DEVNULL,
                stdout=out, stderr=out, start_new_session=True)
        write_whole(self._note, json.dumps({"pid": process.pid, "command": command, **facts}))
        return process

    def facts(self) -> dict:
        """What it was started with, also where it was killed since; empty where it was ended, or never started."""
        with contextlib.suppress(FileNotFoundError, ValueError, TypeError):
            return dict(json.loads(self._note.read_text()))
        return {}

    def running(self) -> psutil.Process | None:
        """The live program; a stale note, or its process id used again, is nobody."""
        with contextlib.suppress(psutil.Error, KeyError):
            process = psutil.Process(self.facts()["pid"])
            return process if self._is_ours(process) else None
        return None

    def forget(self) -> None:
        """It has ended: it is not taken for killed."""
        self._note.unlink(missing_ok=True)

    def killed(self) -> bool:
        return bool(self.facts()) and not self.running()

    def processes(self) -> list[psutil.Process]:
        """It and all that it started, also where it is gone, or its note is."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def end(self, within: float = 10) -> bool:
        """End all of it, by force where asking does not help within the time; whether there was anything."""
        return end([self], within)

    def not_started(self, called: str, status: int = 0, lines: int = 40) -> LabsError:
        """What to tell of it, with its exit status where that is known: what this machine lacks, as the last `lines`
        of its log show it, or else the log's end."""
        failed = f"{called} did not start"
        return of_machine(failed, self.log(lines), self.folder, status) or LabsError(
            f"{failed}. The end of its log:\n{self.log()}",
            f"Its log is {self.folder / self.name}.log; `labs doctor` looks for what this machine lacks.")

    def log(self, lines: int = 6) -> str:
        """The last lines of what it said."""
        with contextlib.suppress(OSError):
            said = (self.folder / f"{self.name}.log").read_text(errors="replace").strip()
            return "\n".join(said.splitlines()[-lines:])
        return "(no log yet)"

    def _is_ours(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error, OSError):
            return process.environ().get(MARK) == self._mark and process.status() != psutil.STATUS_ZOMBIE
        return False


def end(programs: list[Background], within: float = 10, forget: bool = True) -> bool:
    """End several at once, as `Background.end` does one. Unless they are to `forget` it, they count as killed."""
    ended = False
    while processes := [process for program in programs for process in program.processes()]:
        ended = True  # one that is killed may just have started another: look again
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        for process in psutil.wait_procs(processes, within)[1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, within)
    for program in programs if forget else ():
        program.forget()
    return ended


def unmarked() -> dict:
    """This environment, for a program that outlives the service which happens to start it."""
    return {name: value for name, value in os.environ.items() if name != MARK}
