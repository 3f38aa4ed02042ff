"""Known answers through the engine:
whether right ones get every point, wrong ones lose their own, and attacks gain none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import nbformat

from autograders.answers import KnownAnswer, add, answers, attacks, fill, reference
from autograders.configuration import course_config
from autograders.grading.model import Assignment, Graded, Release, Submission
from autograders.grading.pool import GradingOptions, workers
from autograders.grading.releases import release_of
from autograders.grading.sandbox import Limits
from autograders.printable import printable
from environments.course import lab_of
from environments.errors import LabsError

# Attacks that never end are waited for less long than a student:
# seconds for a cell and a notebook, by whether the lab has servers to wait for.
ATTACK_TIMEOUTS_S = {True: (60, 240), False: (5, 30)}
Scores = dict[str, tuple[float, float]]  # by check: points given, points there are


@dataclass
class ProofNotebook:
    """A notebook to grade: several wrong answers share one, where they answer different cells."""

    name: str
    answers: list[KnownAnswer] = field(default_factory=list)
    scores: Scores = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)  # by check: what the student reads where points are lost

    @property
    def loses(self) -> frozenset[str]:
        return frozenset().union(*(a.loses for a in self.answers))

    def why(self, check: str) -> str:
        return f", for {printable(' '.join(self.told[check].split()))}" if self.told.get(check) else ""


@dataclass
class Proof:
    """What the known answers of one lab scored. A false fail is a right answer that lost points, or a wrong one that
    lost other points than its own; a false pass is a wrong one, or an attack, that got them."""

    lab: str
    right: list[ProofNotebook]
    wrong: list[ProofNotebook]
    attacks: list[ProofNotebook]
    untouched: ProofNotebook

    @property
    def false_fails(self) -> list[str]:
        return [f"{s.name}: {check} gave {given:g} of {most:g}{s.why(check)}" for s in (*self.right, *self.wrong)
                for check, (given, most) in s.scores.items() if check not in s.loses and given < most]

    @property
    def false_passes(self) -> list[str]:
        return [f"{s.name}: {check} gave {s.scores[check][0]:g}" for s in (*self.wrong, *self.attacks, self.untouched)
                for check in (s.loses or s.scores) if s.scores[check][0]]

    @property
    def holds(self) -> bool:
        return not self.false_fails and not self.false_passes

    def as_dict(self) -> dict:
        return {
            "lab": self.lab,
            "right": len(self.right),
            "wrong": sum(len(s.answers) for s in self.wrong),
            "attacks": len(self.attacks),
            "false_fails": len(self.false_fails),
            "false_passes": len(self.false_passes),
        }


def prove(assignment: Assignment, jobs: int | None, say: Callable[[str], None], sandboxed: bool = True) -> Proof | None:
    """Grade the known answers of a lab, `jobs` notebooks at once; None where it has none. Raises LabsError."""
    right, wrong = answers(assignment, "right"), answers(assignment, "wrong")
    if not right and not wrong:
        return None
    proof = Proof(
        assignment.number,
        [ProofNotebook("the reference"), *(ProofNotebook(a.name, [a]) for a in right)],
        packed(wrong),
        [ProofNotebook(a.name, [a]) for a in attacks(assignment)],
        ProofNotebook("untouched"),
    )
    answered = [proof.untouched, *proof.right, *proof.wrong]
    say(
        f"lab {assignment.number}: {len(right)} right answers, {len(wrong)} wrong ones "
        f"and {len(proof.attacks)} attacks "
        f"in {len(answered) + len(proof.attacks)} notebooks ..."
    )
    release = release_of(assignment, course_config())
    for knowns, limits in ((answered, Limits()), (proof.attacks, limits_of_attacks(assignment))):
        if knowns:
            score(assignment, release, knowns, GradingOptions(jobs, sandboxed=sandboxed, limits=limits), say)
    return proof


def limits_of_attacks(assignment: Assignment) -> Limits:
    lab = lab_of(assignment.name)
    cell, submission = ATTACK_TIMEOUTS_S[bool(lab and lab.services)]
    return replace(Limits(), cell=cell, submission=submission)


def score(
    assignment: Assignment,
    release: Release,
    knowns: list[ProofNotebook],
    how: GradingOptions,
    say: Callable[[str], None],
) -> None:
    """Grade these notebooks and keep what they scored."""
    by_name = {_id(known): known for known in knowns}
    with workers(release, how) as pool:
        for submission, graded in pool.results(handed_in(assignment, release, knowns)):
            if not isinstance(graded, Graded):
                raise LabsError(f"{submission.student} could not be graded: {graded.why}")
            known = by_name[submission.student]
            known.scores = {v.name: (v.points, v.most) for v in graded.verdicts if v.points is not None}
            known.told = {v.name: v.message for v in graded.verdicts}
            say(f"  {known.name}  {_sum(known.scores)}")


def handed_in(assignment: Assignment, release: Release, everything: list[ProofNotebook]) -> Iterator[Submission]:
    """The notebooks as students would hand them in."""
    solution = nbformat.read(assignment.source, as_version=4)
    for known in everything:
        notebook = nbformat.reads(release.visible, as_version=4)
        files: dict[str, bytes] = {}
        if known.name != "untouched":
            texts = reference(solution)
            for answer in known.answers:
                texts |= answer.cells
                files |= answer.files
            fill(notebook, solution, texts)
            for answer in known.answers:
                add(notebook, answer)
        yield Submission(_id(known), nbformat.writes(notebook).encode(), files)


def packed(wrong: list[KnownAnswer]) -> list[ProofNotebook]:
    """As few notebooks as hold all wrong answers, no two of a cell or of a check in one."""
    notebooks: list[ProofNotebook] = []
    for answer in wrong:
        fits = (s for s in notebooks if not answer.alone and not s.loses & answer.loses
                and all(not a.alone and not a.cells.keys() & answer.cells.keys() for a in s.answers))
        room = next(fits, None)
        if room is None:
            room = ProofNotebook(f"wrong_{len(notebooks) + 1}")
            notebooks.append(room)
        room.answers.append(answer)
    return notebooks


def table(proof: Proof) -> list[str]:
    """A line for each answer, and the sums."""
    lines = [f"lab {proof.lab}"]
    lines += [f"  right  {s.name:34} {_sum(s.scores)}" for s in proof.right]
    lines += [f"  wrong  {a.name:34} loses {_lost(a, s)}  {a.story}" for s in proof.wrong for a in s.answers]
    lines += [f"  attack {s.name:34} {_sum(s.scores)}  {a.story}" for s in proof.attacks for a in s.answers]
    lines += [f"  blank  {proof.untouched.name:34} {_sum(proof.untouched.scores)}"]
    lines += [f"  FALSE FAIL  {line}" for line in proof.false_fails] + [
        f"  FALSE PASS  {line}" for line in proof.false_passes
    ]
    sums = proof.as_dict()
    return [*lines, f"  {sums['right']} right, {sums['wrong']} wrong, {sums['attacks']} attacks: "
                    f"{sums['false_fails']} false fails, {sums['false_passes']} false passes"]


def _sum(scores: Scores) -> str:
    return f"{sum(given for given, _ in scores.values()):g}/{sum(most for _, most in scores.values()):g}"


def _lost(answer: KnownAnswer, submission: ProofNotebook) -> str:
    return ", ".join(
        f"{check} {submission.scores[check][1] - submission.scores[check][0]:g}" for check in sorted(answer.loses)
    )


def _id(known: ProofNotebook) -> str:
    return known.name.replace(" ", "_")
