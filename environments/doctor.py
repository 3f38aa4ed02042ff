"""What this machine lacks for the course, and how to fix it."""

import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass

import psutil

from environments.errors import LabsError
from environments.place import place
from environments.workspace import Workspace

GIB = 1024**3


@dataclass(frozen=True)
class Finding:
    """One look: what was looked at, what was seen, and the remedy where it is not as it should be."""

    name: str
    seen: str
    ok: bool = True
    remedy: str = ""
    optional: bool = False

    as_dict = asdict

    def line(self) -> str:
        sign = "ok  " if self.ok else "--  " if self.optional else "FIX "
        return f"{sign}  {self.name:13} {self.seen}" + (f"\n      {self.remedy}" if self.remedy and not self.ok else "")


def examine() -> list[Finding]:
    return [
        _python(),
        _memory(),
        _disk(),
        _write_access(),
        _postgres(),
        _services(),
        _leftovers(),
        _docker(),
        _sandbox(),
    ]


def verdict(findings: list[Finding]) -> str:
    """One sentence for the start page."""
    faults = [f.name for f in findings if not f.ok and not f.optional]
    return f"Fix these first: {', '.join(faults)}." if faults else "This machine is ready for every lab."


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        "Python", version, (3, 11) <= sys.version_info < (3, 14), "Install Python 3.11, 3.12 or 3.13; then: make setup"
    )


def _memory() -> Finding:
    free = psutil.virtual_memory().available
    return Finding(
        "memory", f"{free / GIB:.1f} GiB free", free > 1 * GIB, "The labs take up to 1 GiB: close something large."
    )


def _disk() -> Finding:
    """Of the disk where the services keep their data, the workspace's."""
    here = next(folder for folder in (place(), *place().parents) if os.path.exists(folder))
    free = shutil.disk_usage(here).free
    return Finding("disk", f"{free / GIB:.1f} GiB free", free > 1 * GIB, "The labs take up to 1 GiB: make room.")


def _write_access() -> Finding:
    try:
        return Finding("write access", str(Workspace.here().root))
    except LabsError as e:
        return Finding("write access", e.what, False, e.next)


def _postgres() -> Finding:
    from environments.embedded import programs

    try:
        said = subprocess.run([programs() / "postgres", "--version"], capture_output=True, text=True, timeout=10).stdout
        return Finding("PostgreSQL", said.strip(), "18." in said, "Run: make setup")
    except (AttributeError, OSError, LabsError, subprocess.SubprocessError) as e:
        return Finding("PostgreSQL", str(e), False, "Run: make setup")


def _services() -> Finding:
    """Those that were killed; one that was stopped, or never started, is well."""
    from environments import services

    try:
        states = services.status(Workspace.here())
    except (LabsError, OSError):  # write access and PostgreSQL have their own lines
        states = []
    killed = [service for service in states if service.state == "killed"]
    remedies = dict.fromkeys(service.next for service in killed)
    return Finding(
        "services",
        f"killed: {', '.join(service.service for service in killed)}" if killed else "none was killed",
        not killed,
        f"Type: {'; then: '.join(remedies)}",
    )


def _leftovers() -> Finding:
    """Throw-away servers of a check that was killed, or is running now."""
    from environments.embedded import home, processes_in

    try:
        left = list(processes_in(home(Workspace.here().root) / "templates"))
    except LabsError:
        left = []
    return Finding("leftovers", f"processes of a check: {len(left)}" if left else "none", not left,
                   "If no check is running now: labs down")


def _docker() -> Finding:
    found = shutil.which("docker")
    return Finding("Docker", "found" if found else "not found", bool(found),
                   "Only needed for LABS_POSTGRES=docker; the labs run without it.", optional=True)


def _sandbox() -> Finding:
    """Whether the program is there; whether this machine lets it work, grading finds out."""
    found = sys.platform == "linux" and shutil.which("bwrap")
    return Finding("sandbox", "bubblewrap found" if found else "bubblewrap not found", bool(found),
                   "Only needed to grade other people's notebooks: docs/instructors.md.", optional=True)
