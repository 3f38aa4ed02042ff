"""A copy of the course with a workspace of its own, and commands typed in it as a person would."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from environments import services
from environments.place import COURSE
from environments.workspace import Workspace


class CourseCopy:
    """`root` is the copy; `home` its workspace; `temp` where its commands keep temporary files."""

    def __init__(self, folder: Path):
        self.root, self.home, self.temp = (folder / name for name in ("course", "home", "temp"))
        for place in (self.home, self.temp):
            place.mkdir(parents=True, mode=0o755)
        copy_course(self.root)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("LABS_", "PYTEST_"))}
        self.env = inherited | {
            "LABS_HOME": str(self.home), "TMPDIR": str(self.temp), "PYTHONPATH": str(self.root),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}

    def start(self, line: str, log: Path | None = None, **env: str) -> subprocess.Popen:
        """A command line, begun in the copy; what it says goes to a file."""
        out = open(log or self.temp / "log", "w")
        with out:
            program, *arguments = line.split()
            return subprocess.Popen(
                [shutil.which(program, path=self.env["PATH"]), *arguments],
                cwd=self.root,
                env=self.env | env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=_hear_ctrl_c,
            )

    def type(self, line: str, within: float = 120, **env: str) -> tuple[int, str]:
        """A command line's exit status, and all it said."""
        program, *arguments = line.split()
        done = subprocess.run(
            [shutil.which(program, path=self.env["PATH"]), *arguments],
            cwd=self.root,
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=within,
        )
        return done.returncode, done.stdout

    def processes(self) -> list[psutil.Process]:
        """Whatever lives with the copy's temporary folder in its environment, no matter whose child it is by now."""
        return [p for p in psutil.process_iter() if _temp_of(p).startswith(str(self.temp))]

    def leave(self) -> None:
        for process in self.processes():
            process.kill()
        services.reset(Workspace(self.home))


def copy_course(to: Path) -> None:
    """What git tracks, or would with a `git add`, as it stands in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=COURSE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (COURSE / name).is_file():  # else it is about to be removed
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(COURSE / name, to / name)


def _hear_ctrl_c() -> None:
    """Tests that run in the background of a shell are deaf to it, and so would be their children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _temp_of(process: psutil.Process) -> str:
    try:
        return "" if process.status() == psutil.STATUS_ZOMBIE else process.environ().get("TMPDIR", "")
    except psutil.Error:
        return ""
