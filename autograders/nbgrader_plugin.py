"""What nbgrader's own commands call when they run a submission of this course."""

import logging
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import is_locked, setenv

from datasets.world import seed_of
from environments import services
from environments.embedded import home
from environments.errors import LabsError
from environments.workspace import Workspace

GRADED = "labs-graded-"
GRADERS_NOTES = re.compile(r"^[^\n]*BEGIN (MARK SCHEME|HIDDEN TESTS).*?END \1[^\n]*\n?", re.DOTALL | re.MULTILINE)


class RunAlone(Execute):
    """nbgrader's Execute in a workspace made for this submission, with its student's world, gone afterwards."""

    def preprocess(self, nb, resources):
        with workspace_of(resources["nbgrader"]["student"]):
            return super().preprocess(nb, resources)


class WithoutGradersNotes(NbGraderPreprocessor):
    """Takes mark schemes and hidden tests, which autograding brings back for the grader, out of a student's feedback."""

    def preprocess_cell(self, cell, resources, cell_index):
        if is_locked(cell):
            cell.source = GRADERS_NOTES.sub("", cell.source)
        return cell, resources


@contextmanager
def workspace_of(student: str) -> Iterator[None]:
    """A workspace of their own for all that is started meanwhile; templates are shared with ours."""
    templates = os.environ.get("LABS_TEMPLATES") or str(home(Workspace.here().root) / "templates")
    sweep()
    folder = Path(tempfile.gettempdir()) / f"{GRADED}{secrets.token_hex(6)}"
    with _held(folder):
        folder.mkdir(mode=0o755)
        folder.chmod(0o755)  # as root, the servers' account enters it, whatever the umask
        try:
            with setenv(LABS_HOME=str(folder), LABS_SEED=str(seed_of(student)), LABS_TEMPLATES=templates):
                yield
        finally:
            _remove(folder)


def sweep() -> None:
    """End and remove what gradings that were killed have left behind: their servers and their workspaces."""
    for folder in Path(tempfile.gettempdir()).glob(f"{GRADED}*"):
        with suppress(FileNotFoundError, Timeout):  # another sweeper was first; its grader is alive
            info = folder.lstat()
            if stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid():
                with _held(folder):
                    _remove(folder)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Whose workspace it is: the operating system frees this lock, beside the folder, when its holder dies."""
    lock = folder.with_name(f"{folder.name}.lock")
    with FileLock(lock, timeout=0):
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _remove(folder: Path) -> None:
    """End what runs in a workspace, and the workspace. What resists costs nobody a grade: the next sweep tries again."""
    try:
        services.reset(Workspace(folder))
        shutil.rmtree(folder, ignore_errors=True)
    except LabsError as e:
        logging.getLogger(__name__).warning("could not clear %s: %s", folder, e)
