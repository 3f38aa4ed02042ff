"""The labs of the course, read from their one list, `labs.toml`."""

import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from environments.errors import LabsError
from environments.place import COURSE

LIST = Path(__file__).parent / "labs.toml"


@dataclass(frozen=True)
class Lab:
    """One lab. `name` is its folder's and notebook's; `services` are those it needs running."""

    name: str
    title: str
    question: str
    objective: str
    level: str
    minutes: int
    services: list[str]

    @property
    def number(self) -> str:
        return self.name.split("_")[0]

    @property
    def notebook(self) -> Path:
        """What a student opens."""
        return self._in("labs")

    @property
    def solution(self) -> Path:
        """Where the lab is written."""
        return self._in("solutions")

    @property
    def ready(self) -> bool:
        return self.notebook.exists()

    def as_dict(self) -> dict:
        return {"number": self.number, **asdict(self), "ready": self.ready}

    def _in(self, room: str) -> Path:
        return COURSE / room / self.name / f"{self.name}.ipynb"


@cache
def labs() -> list[Lab]:
    return [Lab(**entry) for entry in tomllib.loads(LIST.read_text(encoding="utf-8"))["lab"]]


def lab(number: str) -> Lab:
    """The lab of this number or name; '3' and '03' are the same. Raises LabsError where there is none to take."""
    found = next((entry for entry in labs() if number and number.zfill(2) in (entry.number, entry.name)), None)
    if found is None or not (found.ready or found.solution.exists()):
        there = ", ".join(entry.number for entry in labs() if entry.ready)
        state = "is not written yet" if found else "does not exist"
        raise LabsError(f"lab {number} {state}. Labs you can take: {there} (see `labs list`).")
    return found


def lab_of(name: str) -> Lab | None:
    """The lab of this very name, where it is one of the course."""
    return next((entry for entry in labs() if entry.name == name), None)


def start_page() -> str:
    """The address, below JupyterLab's own, of the first lab."""
    return f"lab/tree/{labs()[0].notebook.relative_to(COURSE).as_posix()}"


def table(to_labs: str) -> str:
    """The labs as a Markdown table; `to_labs` is the way from the page it stands on to the folder labs/."""
    head = "| lab | question it answers | objective | minutes |\n|---|---|---|---|\n"
    return head + "".join(_row(entry, to_labs) for entry in labs())


def _row(entry: Lab, to_labs: str) -> str:
    name = f"[{entry.name}]({to_labs}/{entry.name}/{entry.name}.ipynb)" if entry.ready else f"{entry.name} *(to come)*"
    level = "" if entry.level == "-" else f" ({entry.level})"
    return f"| {name} | {entry.question} | {entry.objective}{level} | {entry.minutes} |\n"
