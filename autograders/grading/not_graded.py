"""Who handed something in that could not be graded, and why:
kept beside the results, so that exports of the marks can say it."""

import json
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograders.grading.journal import disk_errors_as_labs_error
from environments.workspace import write_whole


def results_of(course: CourseDirectory) -> Path:
    """The folder, beside the course's gradebook, that keeps what grading is to remember."""
    return Path(course.root) / ".labs" / "graded"


class NotGraded:
    """The students of one assignment whose submission could not be graded, with the reason."""

    def __init__(self, course: CourseDirectory, assignment: str):
        self._file = results_of(course) / f"{assignment}.not-graded.json"

    def reasons(self) -> dict[str, str]:
        """By student; nothing where the file is not there or damaged, for the same command finds out again."""
        try:
            return {
                str(student): str(why) for student, why in json.loads(self._file.read_text(encoding="utf-8")).items()
            }
        except (OSError, ValueError, AttributeError):
            return {}

    def update(self, graded: set[str], failed: dict[str, str]) -> None:
        """Forget those who are graded now, and keep why others are not."""
        before = self.reasons()
        after = {student: why for student, why in before.items() if student not in graded} | failed
        if after != before:
            with disk_errors_as_labs_error(self._file):
                self._file.parent.mkdir(parents=True, exist_ok=True)
                write_whole(self._file, json.dumps(after, indent=1))
