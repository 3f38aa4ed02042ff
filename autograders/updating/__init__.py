"""`labs update`: a newer course, with what was written into the labs carried over."""

from pathlib import Path

from autograders.updating.clone import update
from autograders.updating.folder import update_from
from autograders.updating.git import Git
from autograders.updating.report import UpdateReport
from environments.errors import LabsError
from environments.place import COURSE
from environments.workspace import Workspace

NO_CLONE = ("this copy of the course is no git clone, so it does not know where newer ones are.\n"
            "Download the newer course as a ZIP, then: labs update --from FILE.zip")


def update_course(source: str | None) -> UpdateReport:
    """Bring this copy of the course to its upstream,
    or to what a folder or ZIP has. Raises LabsError in a line or two."""
    with Workspace.here().lock("update.lock"):
        if source:
            return update_from(Path(source).expanduser(), COURSE)
        git = Git.of(COURSE)
        if git is None:
            raise LabsError(NO_CLONE)
        return update(git)
