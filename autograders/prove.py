"""Show that the grader tells right from wrong: known answers through stock nbgrader, and what they scored."""

import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from autograders.answers import Answer, answers, fill, reference
from autograders.release import generate
from autograders.score import course_config
from environments.course import Lab
from environments.errors import LabsError
from environments.workspace import COURSE

Scores = dict[str, tuple[float, float]]  # by check: points given, points there are


@dataclass
class Submission:
    """A notebook to grade: several wrong answers share one, where they answer different cells."""

    name: str
    answers: list[Answer] = field(default_factory=list)
    scores: Scores = field(default_factory=dict)

    @property
    def loses(self) -> frozenset[str]:
        return frozenset().union(*(a.loses for a in self.answers))


@dataclass
class Proof:
    """What the known answers of one lab scored. A false fail is a right answer that lost points, or a wrong one that
    lost other points than its own; a false pass is a wrong one that got them."""

    lab: str
    right: list[Submission]
    wrong: list[Submission]
    untouched: Submission

    @property
    def false_fails(self) -> list[str]:
        return [f"{s.name}: {check} gave {given:g} of {most:g}" for s in (*self.right, *self.wrong)
                for check, (given, most) in s.scores.items() if check not in s.loses and given < most]

    @property
    def false_passes(self) -> list[str]:
        return [f"{s.name}: {check} gave {s.scores[check][0]:g}" for s in (*self.wrong, self.untouched)
                for check in (s.loses or s.scores) if s.scores[check][0]]

    @property
    def holds(self) -> bool:
        return not self.false_fails and not self.false_passes

    def as_dict(self) -> dict:
        return {"lab": self.lab, "right": len(self.right), "wrong": sum(len(s.answers) for s in self.wrong),
                "false_fails": len(self.false_fails), "false_passes": len(self.false_passes)}


def prove(one: Lab, jobs: int, say: Callable[[str], None]) -> Proof | None:
    """Grade the known answers of a lab, `jobs` notebooks at once; None where it has none."""
    right, wrong = answers(one, "right"), answers(one, "wrong")
    if not right and not wrong:
        return None
    proof = Proof(one.number, [Submission("the reference"), *(Submission(a.name, [a]) for a in right)],
                  packed(wrong), Submission("untouched"))
    everything = [proof.untouched, *proof.right, *proof.wrong]
    say(f"lab {one.number}: {len(right)} right and {len(wrong)} wrong answers in {len(everything)} notebooks, {jobs} at once ...")
    with tempfile.TemporaryDirectory(prefix="labs-prove-") as folder, ThreadPoolExecutor(jobs) as pool:
        courses = [_course(one, Path(folder) / str(number)) for number in range(jobs)]
        shares = [everything[number::jobs] for number in range(jobs)]
        list(pool.map(lambda course, share: _grade(one, course, share, say), courses, shares))
    return proof


def packed(wrong: list[Answer]) -> list[Submission]:
    """As few notebooks as hold all wrong answers, no two of a cell or of a check in one."""
    notebooks: list[Submission] = []
    for answer in wrong:
        fits = (s for s in notebooks if not answer.alone and not s.loses & answer.loses
                and all(not a.alone and not a.cells.keys() & answer.cells.keys() for a in s.answers))
        room = next(fits, None)
        if room is None:
            room = Submission(f"wrong_{len(notebooks) + 1}")
            notebooks.append(room)
        room.answers.append(answer)
    return notebooks


def table(proof: Proof) -> list[str]:
    """A line for each answer, and the sums."""
    lines = [f"lab {proof.lab}"]
    lines += [f"  right  {s.name:34} {_sum(s.scores)}" for s in proof.right]
    lines += [f"  wrong  {a.name:34} loses {_lost(a, s)}  {a.story}" for s in proof.wrong for a in s.answers]
    lines += [f"  blank  {proof.untouched.name:34} {_sum(proof.untouched.scores)}"]
    lines += [f"  FALSE FAIL  {line}" for line in proof.false_fails] + [f"  FALSE PASS  {line}" for line in proof.false_passes]
    sums = proof.as_dict()
    return [*lines, f"  {sums['right']} right, {sums['wrong']} wrong: "
                    f"{sums['false_fails']} false fails, {sums['false_passes']} false passes"]


def _sum(scores: Scores) -> str:
    return f"{sum(given for given, _ in scores.values()):g}/{sum(most for _, most in scores.values()):g}"


def _lost(answer: Answer, submission: Submission) -> str:
    return ", ".join(f"{check} {submission.scores[check][1] - submission.scores[check][0]:g}" for check in sorted(answer.loses))


def _course(one: Lab, root: Path) -> Path:
    """A course directory of its own for nbgrader, with the lab released and a gradebook that knows it."""
    config = course_config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.source_directory = str(one.solution.parents[1])
    root.mkdir()
    generate(config, one.name)
    return root


def _grade(one: Lab, course: Path, submissions: list[Submission], say: Callable[[str], None]) -> None:
    """Hand in, let nbgrader grade all in one go, and read the gradebook. Raises LabsError where nbgrader fails."""
    for submission in submissions:
        _hand_in(one, submission, course)
    command = [sys.executable, "-m", "nbgrader", "autograde", one.name, f"--CourseDirectory.root={course}",
               "--CourseDirectory.release_directory=labs", "--log-level=INFO"]
    with subprocess.Popen(command, cwd=COURSE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as grading:
        said = deque(maxlen=5)
        deadline = threading.Timer(600 * len(submissions), grading.kill)
        deadline.start()
        for line in grading.stderr:
            said.append(line)
            if "Autograding" in line:
                say(f"  grading {Path(line.strip()).parts[-3]}")
        deadline.cancel()
    if grading.returncode:
        raise LabsError(f"nbgrader could not grade all of {one.name}:\n{''.join(said).strip()[-400:]}")
    for submission in submissions:
        submission.scores = _scores(one, submission, course)


def _hand_in(one: Lab, submission: Submission, course: Path) -> None:
    solution = nbformat.read(one.solution, as_version=4)
    notebook = nbformat.read(course / "labs" / one.name / one.notebook.name, as_version=4)
    if submission.name != "untouched":
        texts = reference(solution)
        for answer in submission.answers:
            texts |= answer.cells
        fill(notebook, solution, texts)
    folder = course / "submitted" / _id(submission) / one.name
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / one.notebook.name)


def _scores(one: Lab, submission: Submission, course: Path) -> Scores:
    """Points of the cells that nbgrader scored by itself."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", course_config().CourseDirectory.course_id) as gradebook:
        graded = gradebook.find_submission_notebook(one.name, one.name, _id(submission))
        return {g.name: (g.auto_score or 0, g.max_score) for g in graded.grades if g.cell_type == "code"}


def _id(submission: Submission) -> str:
    return submission.name.replace(" ", "_")
