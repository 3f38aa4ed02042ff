"""What an update did, and what a person is told of it."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from autograders.updating.carry import Carried, carried_or_none
from autograders.work import keep
from environments.workspace import shown, write_whole

NOTEBOOK = re.compile(r"labs/(\w+)/\1\.ipynb")
PACKAGES = ("requirements.lock", "pyproject.toml")


@dataclass
class UpdateReport:
    """`news` counts what came from `source`: commits or files. `kept` has a file of the course and the copy of what
    a person had there; `aside` is a folder with all such copies; `set_up` says whether the dependencies are others
    now; `others` are remotes that were not asked, where there was no news."""

    source: str = ""
    news: int = 0
    unit: str = "commit"
    carried: dict[str, Carried] = field(default_factory=dict)
    kept: list[tuple[str, Path]] = field(default_factory=list)
    aside: Path | None = None
    set_up: bool = False
    others: list[str] = field(default_factory=list)
    stashed: bool = False  # whether a pull was half done, and git's stash may hold the rest of the work

    def lines(self) -> list[str]:
        said = [f"updated from {self.source}: {self.news} {self.unit}{'s' if self.news > 1 else ''}" if self.news
                else f"the course is up to date with {self.source}"]
        written = {name: done for name, done in sorted(self.carried.items()) if done.cells}
        said += [f"  {name}: {_cells(done.cells)} carried over{_look_again(done)}" for name, done in written.items()]
        said += [f"  {path}: what you had there is kept as {shown(copy)}" for path, copy in dict.fromkeys(self.kept)]
        if self.aside:
            said.append(f"  the files that were replaced are kept in {shown(self.aside)}")
        if written:
            said.append("Where JupyterLab has such a notebook open: File > Reload Notebook from Disk.")
        if self.stashed:
            said.append(
                "git's stash may hold work of yours as well. Look: git stash show -p   Bring it back: git stash pop"
            )
        if self.others:
            said.append(f"This clone knows {', '.join(self.others)} as well. To update from there: "
                        f"git fetch {self.others[0]} && git branch -u {self.others[0]}/main")
        if self.set_up:
            said.append("The course needs other packages now. Type: make setup")
        return said


def renew(file: Path, released: bytes, before: bytes | None, report: UpdateReport) -> None:
    """Make a notebook the released one with a person's work in it;
    keep it aside where not all of that has a place there."""
    content = file.read_bytes()
    done = carried_or_none(content, file.stem, released, before)
    if done is None or not done.whole:
        report.kept.append((f"labs/{file.stem}/{file.name}", keep(file)))
    new = done.notebook if done else released
    if new != content:
        write_whole(file, new, mode=0o644)
    if done:
        report.carried[file.stem] = done


def _cells(number: int) -> str:
    return f"{number} cell{'s' if number > 1 else ''} of yours"


def _look_again(done: Carried) -> str:
    if not done.changed:
        return ""
    return f"; look again at {', '.join(done.changed)}: the exercise has changed"
