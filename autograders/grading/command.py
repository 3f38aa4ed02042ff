"""`labs grade`: what was handed in of each lab, graded, with a bar while it runs and a summary at the end."""

import sys
from dataclasses import replace
from pathlib import Path

import click
from nbgrader.coursedir import CourseDirectory

from autograders.configuration import course_config
from autograders.grading.assignments import assignment, assignments
from autograders.grading.grade import GradingOptions, Summary, grade
from autograders.grading.gradebook import CourseGradebook
from autograders.grading.model import Assignment
from autograders.grading.not_graded import NotGraded
from autograders.grading.releases import release_of
from autograders.grading.submissions import Found, NothingFound, Roster, find
from autograders.printable import bounded, printable
from environments.cli import show
from environments.errors import LabsError

EXPORTS = ("marks.csv", "grades.csv")  # where the docs, and nbgrader by itself, export the marks to


def grade_labs(numbers, every, submitted, students, pattern, jobs, scheduler, sandboxed, csv, json) -> bool:
    """Grade, say what came of it; whether everything that was handed in has a score. Raises LabsError."""
    config = course_config()
    folder = Path(submitted) if submitted else Path(CourseDirectory(config=config).root) / "submitted"
    roster = _roster(Path(students)) if students else None
    chosen = [assignment(number) for number in numbers]
    if bool(chosen) == every or (csv and len(chosen) != 1):
        raise LabsError("say which lab: labs grade 03, or labs grade --all" + (". --csv takes one lab" if csv else ""))
    summaries = []
    for lab, found in _handed_in(chosen or assignments(), every, folder, roster, pattern):
        summaries.append(_with_bar(lab, found, config, GradingOptions(jobs, scheduler, sandboxed)))
        summaries[-1].stale_feedback = _stale_feedback(lab, config)
        if not json:
            click.echo("\n".join(summaries[-1].lines()))
    if csv:
        _write_marks(chosen[0], config, Path(csv))
    exports = _stale_exports(config)
    if json:
        show(True, {"labs": [bounded(s.as_dict()) for s in summaries], "stale_exports": exports}, [])
    for file in () if json else exports:
        click.echo(f"{file} shows earlier marks; run: nbgrader export --to {file}")
    return all(s.whole for s in summaries)


def _roster(file: Path) -> Roster:
    roster = Roster.read(file)
    if roster.id_column != "id":
        click.echo(f"{file}: no column id; students are called by the column {printable(roster.id_column)}", err=True)
    return roster


def _handed_in(chosen: list[Assignment], every: bool, folder: Path, roster, pattern) -> list[tuple[Assignment, Found]]:
    handed_in = []
    for lab in chosen:
        try:
            handed_in.append((lab, find(folder, lab.name, roster, pattern)))
        except NothingFound:
            if not every:
                raise
    if not any(found.entries or found.unmatched for _, found in handed_in):
        raise LabsError(f"nothing was handed in under {folder}. Say where with --submitted.")
    return _told_once(handed_in) if every else handed_in


def _told_once(handed_in: list[tuple[Assignment, Found]]) -> list[tuple[Assignment, Found]]:
    """Of a folder with several labs: another lab's notebook is no trouble, and what is nobody's is said with the first.
    A lab of which nothing was handed in is left out."""
    several, told = [], set()
    for lab, found in handed_in:
        unmatched = [u for u in found.unmatched if u.student or u.where not in told and not any(
            f"another assignment's ({other.name})" in u.reason for other, _ in handed_in)]
        told |= {u.where for u in unmatched}
        if found.entries or unmatched:
            several.append((lab, replace(found, unmatched=unmatched)))
    return several


def _with_bar(lab: Assignment, found: Found, config, how: GradingOptions) -> Summary:
    with click.progressbar(length=len(found.entries), label=f"lab {lab.number}", file=sys.stderr, show_pos=True) as bar:
        return grade(lab, found, config, how, heard=lambda student: bar.update(1))


def _write_marks(lab: Assignment, config, file: Path) -> None:
    with CourseGradebook(config, lab, release_of(lab, config)) as book:
        book.write_csv(file, NotGraded(CourseDirectory(config=config), lab.name).reasons())
    click.echo(f"marks: {file}", err=True)


def _stale_feedback(lab: Assignment, config) -> list[str]:
    """Whose feedback, made before, shows other marks than there are now."""
    course = CourseDirectory(config=config)
    if not Path(course.format_path(course.feedback_directory, "", "")).is_dir():
        return []
    from autograders.grading.feedback_page import stale

    return stale(course, lab.name)


def _stale_exports(config) -> list[str]:
    """The exported marks that are not those of now."""
    course = CourseDirectory(config=config)
    if not any(Path(course.root, name).is_file() for name in EXPORTS):
        return []
    from nbgrader.api import Gradebook

    from autograders.grading.export import stale

    with Gradebook(course.db_url, course.course_id) as gradebook:
        return stale(gradebook, course, EXPORTS)
