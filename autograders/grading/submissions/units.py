"""What was handed in at once."""

from dataclasses import dataclass, field

from autograders.grading.submissions.files import Item
from autograders.grading.submissions.names import NOTEBOOK


@dataclass(frozen=True)
class Name:
    """A text that may name a student, and how it is compared.

    `exact`: whatever the case. `name`: the same, and never an id. `given`: the same, by a pattern or by nbgrader's own
    folders, so that it is an id however it looks. `case`: letter by letter.
    `number`: with Moodle's numbers. `canvas`: with Canvas' numbers, where a column has them. `compact`: letters and
    digits of a name, its words in any order.
    """

    text: str
    how: str = "exact"


@dataclass(eq=False)
class Unit:
    """What was handed in at once: its files by their names within it, and the names it gives of its student."""

    where: str
    names: list[Name]
    identifies: bool = True  # the first name is a student's id where there is no roster
    attempt: str = ""  # when it was handed in, as far as the form says; it sorts
    dated: bool = False  # the form has one unit an attempt: without a date there is no telling which is the last
    versions: bool = False  # the platform numbers what was handed in again
    expected: bool = False  # any name of the notebook is as it should be
    person: str = ""  # the platform's own number of the person who handed it in
    reason: str = ""  # why it cannot be placed
    together: list[list[Name]] = field(default_factory=list)  # the others who handed it in
    entries: dict[str, str] = field(default_factory=dict)  # by file, what is no file of the student's own
    facts: list[str] = field(default_factory=list)  # what the form says that a grader should know
    items: list[tuple[tuple[str, ...], Item]] = field(default_factory=list)

    @property
    def notebooks(self) -> list[tuple[tuple[str, ...], Item]]:
        return [(inner, item) for inner, item in self.items if NOTEBOOK.search(inner[-1]) and not item.junk]
