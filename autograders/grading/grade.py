"""Grading a class: every submission through the engine on as many workers as there are, into nbgrader's gradebook.

The coordinator is the only one who writes. What is graded is kept in a journal first, then goes into the gradebook and
the autograded folder; so after any kill the same command does what is left, and run twice it changes nothing.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.coursedir import CourseDirectory

from autograders.grading.depends import edition_of
from autograders.grading.gradebook import CourseGradebook
from autograders.grading.journal import Journal, key
from autograders.grading.model import Assignment, Graded, Release, Submission
from autograders.grading.not_graded import NotGraded, results_of
from autograders.grading.pool import GradingOptions, Pool, workers
from autograders.grading.releases import release_of
from autograders.grading.worker import Refused
from autograders.printable import printable
from environments.errors import LabsError

LONGEST = 600  # characters of what is said of a submission in a line
# Lines of one kind: about one student, about what lies in one folder or archive, and about all.
MOST_OF_ONE, MOST_OF_A_FOLDER, MOST_OF_A_KIND = 10, 100, 1000

if TYPE_CHECKING:
    from autograders.grading.submissions import Found


@dataclass
class Summary:
    """What came of a class: how many, and a line for each that a person should look at."""

    lab: str
    assignment: str
    scored: int = 0
    from_journal: int = 0
    repaired: dict[str, list[str]] = field(default_factory=dict)
    to_look_at: dict[str, list[str]] = field(default_factory=dict)  # cells graded by hand with another answer now
    troubled: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    unmatched: dict[str, str] = field(default_factory=dict)
    stale_feedback: list[str] = field(default_factory=list)  # whose pages show other marks than there are now
    superseded: dict[str, list[str]] = field(default_factory=dict)  # by student, what else was handed in
    told: dict[str, list[str]] = field(default_factory=dict)  # by student, what a person should know
    left_out: list[str] = field(default_factory=list)  # links, names that lead elsewhere
    lost: list[str] = field(default_factory=list)  # what of it belongs to no submission
    files: dict[str, int] = field(default_factory=dict)  # how many there are, and what became of them
    seconds: float = 0

    @property
    def whole(self) -> bool:
        """Whether all that was handed in has a score."""
        return not self.failed and not self.unmatched and not self.lost

    as_dict = asdict

    def lines(self) -> list[str]:
        """For a person: the problems, each with its remedy, then the sums."""
        lines = [*_each("repaired: ", self.repaired), *_each("", self.told)]
        lines += _each("", {student: [why] for student, why in self.troubled.items()})
        lines += _each("superseded: ", self.superseded)
        lines += _each("not graded: ", {student: [why] for student, why in self.failed.items()})
        lines += _unmatched(self.unmatched)
        lines += [f"  {printable(line, LONGEST)}" for line in self.left_out]
        lines += _each(
            "",
            {
                student: [
                    f"{', '.join(cells)}: the answer changed since it was graded by hand; that mark stands until "
                    "you look at it again in formgrader"
                ]
                for student, cells in self.to_look_at.items()
            },
        )
        if self.stale_feedback:
            students = printable(", ".join(self.stale_feedback), LONGEST)
            lines.append(
                f"  {students}: feedback shows earlier marks; run: nbgrader generate_feedback {self.assignment}"
            )
        known = f", {self.from_journal} from earlier runs" if self.from_journal else ""
        others = sum(map(len, self.superseded.values()))
        besides = f", {others} superseded" if others else ""
        return [
            *lines,
            f"lab {self.lab}  {self.scored} scored{known}, {len(self.repaired)} repaired, {len(self.failed)} not "
            f"graded, {len(self.unmatched)} unmatched{besides}, in {self.seconds:.0f} s",
        ]


def _each(what: str, told: dict[str, list[str]]) -> list[str]:
    lines = [_line(student, f"{what}{line}") for student, lines in sorted(told.items())
             for line in _some(lines, MOST_OF_ONE)]
    return _some(lines, MOST_OF_A_KIND, f"  {what}")


def _unmatched(told: dict[str, str]) -> list[str]:
    """A student may have made the archive, and what it holds."""
    together: dict[str, list[str]] = {}
    for name, why in told.items():
        together.setdefault(name.split("/")[0], []).append(_line(name, f"cannot match to a student: {why}"))
    lines = [line for folder, lines in together.items()
             for line in _some(lines, MOST_OF_A_FOLDER, f"  {printable(folder)}: cannot match to a student: ")]
    return _some(lines, MOST_OF_A_KIND, "  cannot match to a student: ")


def _some(lines: list[str], most: int, before: str = "") -> list[str]:
    """At most so many, the last of which counts what is left out."""
    left = len(lines) - most + 1
    return lines if left < 2 else [*lines[:-left], f"{before}and {left:,} more"]


def _line(who: str, what: str) -> str:
    """A line of the summary: both parts are a student's to make."""
    return f"  {printable(who)}: {printable(what, LONGEST)}"


def summary_of(assignment: Assignment, found: "Found") -> Summary:
    """What is known before anything is graded."""
    summary = Summary(
        assignment.number,
        assignment.name,
        told={entry.student: list(entry.facts) for entry in found.entries if entry.facts},
        left_out=list(found.notes),
        lost=list(found.lost),
        files=dict(found.files),
    )
    for file in found.unmatched:
        if file.student:
            summary.failed[file.student] = file.reason if file.where in file.reason else str(file)
        else:
            before = summary.unmatched.get(file.where)
            summary.unmatched[file.where] = f"{before}; {file.reason}" if before else file.reason
    for old in found.superseded:
        summary.superseded.setdefault(old.student, []).append(f"{old.where} {old.reason}")
    return summary


def grade(
    assignment: Assignment,
    found: "Found",
    config,
    how: GradingOptions,
    heard: Callable[[str], None] = lambda student: None,
) -> Summary:
    """Grade what was found; `heard` is told of each student when they are done.

    Raises LabsError where the lab, the gradebook, the journal or this machine cannot be used as asked.
    """
    started = time.monotonic()
    release = release_of(assignment, config)
    summary = summary_of(assignment, found)
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(_journal_of(config, assignment)))
        class_ = _Class(release, journal, stack.enter_context(CourseGradebook(config, assignment, release)), summary)
        stack.callback(
            lambda: NotGraded(CourseDirectory(config=config), assignment.name).update(class_.graded, summary.failed)
        )
        todo = class_.not_graded_before(found.entries, heard)
        first = next(todo, None)
        if first is None:
            class_.prepare()
        else:
            for student in class_.graded_by(stack.enter_context(workers(release, how)), chain([first], todo)):
                heard(student)
    summary.seconds = round(time.monotonic() - started, 1)
    return summary


class _Class:
    """The submissions of one assignment on their way from the folder to the gradebook."""

    def __init__(self, release: Release, journal: Journal, book: CourseGradebook, summary: Summary):
        self.release, self.journal, self.book, self.summary = release, journal, book, summary
        self.graded: set[str] = set()
        self._prepared = False

    def prepare(self) -> None:
        """Have the gradebook ready to record, once. Raises LabsError where it cannot be."""
        if not self._prepared:
            self.book.prepare()
            self._prepared = True

    def not_graded_before(self, entries, heard: Callable[[str], None]) -> Iterator[Submission]:
        """Submissions that have to be run. One that the journal knows only goes into the gradebook, if need be."""
        for entry in entries:
            submission = self._read(entry)
            known = submission and self.journal.get(self._key(submission))
            if submission and known:
                self.summary.from_journal += 1
                self._record(submission, known)
            if known or not submission:
                heard(entry.student)
            else:
                yield replace(submission, given=self.journal.given(self._key(submission)))

    def graded_by(self, pool: Pool, submissions: Iterator[Submission]) -> Iterator[str]:
        """Have workers grade them, keep each result, and tell whose it was."""
        results = pool.results(submissions)
        self.prepare()  # in the meantime the first are graded
        for submission, result in results:
            if isinstance(result, Refused):
                self.summary.failed[result.student] = result.why
                if result.given:
                    self.journal.keep(self._key(submission), result.given)
            else:
                self.journal.put(self._key(submission), result)
                self._record(submission, result)
            yield submission.student

    def _read(self, entry) -> Submission | None:
        try:
            return entry.read()
        except LabsError as e:
            self.summary.failed[entry.student] = str(e)
            return None

    def _record(self, submission: Submission, graded: Graded) -> None:
        self.prepare()
        to_look_at = self.book.record(submission, graded)
        self.summary.scored += 1
        self.graded.add(graded.student)
        if to_look_at:
            self.summary.to_look_at[graded.student] = to_look_at
        if graded.repairs or submission.notes:
            self.summary.repaired[graded.student] = [*submission.notes, *graded.repairs]
        if graded.trouble:
            self.summary.troubled[graded.student] = graded.trouble

    def _key(self, submission: Submission) -> str:
        return key(submission, self.release, edition_of(self.release, submission))


def _journal_of(config, assignment: Assignment) -> Path:
    """Beside the course's gradebook, whose work it protects."""
    return results_of(CourseDirectory(config=config)) / f"{assignment.name}.journal"
