"""What a service says of itself for grading:
the engine knows none by name, and asks each that a lab lists in labs.toml.

class Postgres:
    grading = GradingNeeds(templates=..., handles=("environments.postgres:Server",), shares={"households": 0.1})
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

from environments.workspace import graded


@dataclass(frozen=True)
class GradingNeeds:
    """`templates` makes the folders that checks start from, and tells where they are; `mounts` does so for folders
    outside the course, such as a virtual environment of a tool's own: a sandbox shows both read only, the former in
    LABS_TEMPLATES, the latter at their own paths. `imports` are modules imported before the first fork, since they are
    slow, and their `warm_up()` is called there where they have one. `handles` are the classes, as "module:Class", whose
    objects checks hand to answers: they have `as_handle()`, the plain values that make one again, and the class method
    `from_handle(*values)`. `shares` are what is smaller while a notebook is graded, as a share of its usual size.
    `depends_on` are files beside our modules that decide what the service does, such as the lock of its own
    environment: where one changes, all is graded again. `jobs_per_cpu` are the submissions graded at once on each
    processor, more than one where checks mostly wait; of several services, the one that waits least says it."""

    templates: Callable[[], Iterable[Path]] = tuple
    mounts: Callable[[], Iterable[Path]] = tuple
    imports: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    depends_on: tuple[Path, ...] = ()
    jobs_per_cpu: int = 1

    def share(self, what: str) -> float:
        """How much of its usual size this has now: all of it, unless a notebook is being graded."""
        return self.shares[what] if graded() else 1.0

    def __or__(self, other: "GradingNeeds") -> "GradingNeeds":
        """The needs of both."""
        return GradingNeeds(
            lambda: (*self.templates(), *other.templates()), lambda: (*self.mounts(), *other.mounts()),
            (*self.imports, *other.imports), (*self.handles, *other.handles), {**self.shares, **other.shares},
            (*self.depends_on, *other.depends_on), min(self.jobs_per_cpu, other.jobs_per_cpu))


def all_of(needs: Iterable[GradingNeeds]) -> GradingNeeds:
    """The needs of several services as one."""
    return reduce(GradingNeeds.__or__, each) if (each := list(needs)) else GradingNeeds()
