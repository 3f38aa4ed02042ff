"""What is wrong with a plan: where, how bad, and what to do about it."""

from dataclasses import dataclass
from functools import lru_cache

from environments.errors import LabsError

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Diagnostic:
    """One finding. `pointer` is a JSON pointer into the file (RFC 6901), "" for all of it; `line` counts from 1."""

    code: str
    severity: str
    file: str
    line: int
    pointer: str
    message: str
    next: str

    def __str__(self) -> str:
        where = f" {self.pointer}" if self.pointer else ""
        return f"{self.file}:{self.line}: {self.severity} {self.code}{where}: {self.message} {self.next}"

    def as_dict(self) -> dict:
        return dict(vars(self))


class NotAPlan(LabsError):
    """The file is no tracking plan; `diagnostics` say where and why."""

    def __init__(self, diagnostics: list[Diagnostic]):
        super().__init__("\n".join(map(str, diagnostics)), "")
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return self.what


@lru_cache(maxsize=4096)  # of many records the same places are named
def pointer(*steps: str | int) -> str:
    """A JSON pointer that leads through these keys and positions."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
