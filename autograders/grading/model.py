"""What grading passes from hand to hand, as plain data:
an assignment, its release, a submission, and what it scored."""

import hashlib
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

BEGUN = "begun"  # the message of a verdict on a test that has not ended yet


@dataclass(frozen=True)
class Assignment:
    """One assignment of one notebook: `source` is where the instructor wrote it, solutions and hidden tests included;
    `home` is the folder of its known answers and attacks, where that is not a lab's of the course."""

    name: str
    source: Path
    home: Path | None = None

    @property
    def number(self) -> str:
        return self.name.split("_")[0]


@dataclass(frozen=True)
class Release:
    """What a submission is measured against. `full` is the notebook without solutions and with hidden tests and mark
    schemes, as nbgrader keeps it for grading; `visible` is what students got. Both are notebooks as JSON text, cell for
    cell the same. `files` are the assignment's other files, by relative path; a submission's own stand below them."""

    name: str
    full: str
    visible: str
    files: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def edition(self) -> str:
        """Changes whenever what is graded changes."""
        digest = hashlib.sha256(self.name.encode() + b"\0" + self.full.encode() + b"\0" + self.visible.encode())
        for path, content in sorted(self.files.items()):
            digest.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
        return digest.hexdigest()


@dataclass(frozen=True)
class Submission:
    """What one student handed in: `notebook` is the file's bytes, whatever they are, `files` the others beside it, and
    `submitted` the time it was handed in (ISO 8601, UTC; empty where nobody wrote it down)."""

    student: str
    notebook: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    submitted: str = ""
    notes: tuple[str, ...] = ()  # how it was found, where that is worth a line: other file name, several notebooks
    given: tuple["Verdict", ...] = ()  # by examinations that a busy machine broke off


@dataclass(frozen=True)
class Verdict:
    """What one graded cell gave. `points` is None where a person decides;
    `message` is empty where all points were given."""

    name: str
    points: float | None
    most: float
    message: str = ""

    as_dict = asdict


@dataclass(frozen=True)
class Graded:
    """What grading made of one submission. `notebook` is the autograded notebook as JSON text; `repairs` are one line
    each, for the student; `answered` tells for each solution cell whether it differs from what was released."""

    student: str
    verdicts: tuple[Verdict, ...]
    notebook: str
    repairs: tuple[str, ...] = ()
    answered: dict[str, bool] = field(default_factory=dict)
    trouble: str = ""  # what went wrong that is not the student's answer: a limit met, a process that died

    as_dict = asdict
