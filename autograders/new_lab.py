"""A lab that works from its first minute: `labs new 11 streaming`.

It has one exercise, from `skeleton/`, with its check, a right and two wrong answers and a deck, and stands wherever
labs are listed. Either all of it is made, or nothing.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import nbformat

from autograders.homes import CLAUSES, home
from environments.course import LIST, Lab, labs, table
from environments.errors import LabsError
from environments.place import COURSE
from environments.services import SERVICES
from environments.workspace import shown, write_whole

SKELETON = Path(__file__).parent / "skeleton"
README = COURSE / "README.md"
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LEVELS = ("Remember", "Understand", "Apply", "Analyze", "Evaluate", "Create")
LIMIT = 120  # seconds for the new notebook to run
SEED = "2026"  # the world that kept outputs come from


@dataclass(frozen=True)
class Places:
    """Where the parts of a lab stand."""

    notebook: Path
    released: Path
    home: Path
    deck: Path

    @classmethod
    def of(cls, lab: Lab) -> "Places":
        return cls(lab.solution, lab.notebook, home(lab.number), COURSE / "slides" / f"{lab.name}.md")

    @property
    def tops(self) -> list[Path]:
        """What is new in the course, folders whole."""
        return [self.notebook.parent, self.released.parent, self.home, self.deck]


def new_lab(number: str, name: str, **given) -> Lab:
    """Make the lab and put it into every list. `given` are fields of its entry, None where it is to have its default.

    Raises LabsError, with nothing changed, where the number or the name cannot be, or something is in the way.
    """
    lab = _entry(number, name, {field: value for field, value in given.items() if value is not None})
    places = Places.of(lab)
    start = labs()[0].solution
    _check_room(places, [LIST, README, start])
    with _all_or_nothing(places.tops, [LIST, README, start]):
        before = table("..")
        write_whole(LIST, with_entry(LIST.read_text(encoding="utf-8"), lab), 0o644)
        labs.cache_clear()
        _write(lab, places)
        _release()
        _list_it(start, before)
    return lab


def next_steps(lab: Lab) -> list[str]:
    """What was made, and what its author does now."""
    places, address = Places.of(lab), shown(lab.solution)
    return [f"lab {lab.number}: {lab.title}",
            f"  {address}  the lab: write it here",
            f"  {shown(places.home)}  its checks, and the answers that prove them",
            f"  {shown(places.deck)}  its deck",
            "It is in the list of labs, the README and the start page, and released to labs/.", "",
            f"Now: labs prove {lab.number}",
            f"Then replace its exercise by yours: jupytext --to py:percent --output lab.py {address}",
            "CONTRIBUTING.md goes on from there; `git diff` and `git status` show all that was made."]


# The entry

def _entry(number: str, name: str, given: dict) -> Lab:
    if not re.fullmatch(r"\d{1,2}", number, re.ASCII):
        raise LabsError(f"'{number}' is no number of a lab: give two digits, such as {_next_free()}.")
    if not NAME.fullmatch(name) or len(name) > 30:
        raise LabsError(
            f"'{name}' is no name for a lab: use small letters, digits and _, 30 at most, such as warehouse_dbt."
        )
    lab = replace(_planned_or_new(number.zfill(2), name), **given)
    for field in ("title", "question", "objective"):
        if not (text := getattr(lab, field)).strip() or re.search(r"[|\n\r<>]", text):
            raise LabsError(f"--{field} is {text!r}: give one line, without | and < >, for it stands in tables.")
    _check_one_of("level", lab.level, (*LEVELS, "-"))
    for service in lab.services:
        _check_one_of("service", service, tuple(SERVICES))
    return lab


def _check_one_of(option: str, value: str, values: tuple[str, ...]) -> None:
    if value not in values:
        raise LabsError(f"--{option} is '{value}': choose {', '.join(values[:-1])} or {values[-1]}.")


def _planned_or_new(number: str, name: str) -> Lab:
    there = next((lab for lab in labs() if lab.number == number), None)
    if there and (there.ready or there.solution.exists()):
        raise LabsError(f"lab {number} exists already: {there.name}. The next free number is {_next_free()}: "
                        f"labs new {_next_free()} {name}")
    if there and there.name != f"{number}_{name}":
        raise LabsError(f"lab {number} is planned as {there.name}: labs new {number} {there.name[3:]}\n"
                        f"For another lab take the next free number: labs new {_next_free()} {name}")
    if not there and number != _next_free():
        raise LabsError(
            f"lab {number} would leave a gap. The next free number is {_next_free()}: labs new {_next_free()} {name}"
        )
    words = name.replace("_", " ")
    title = words[0].upper() + words[1:]
    return there or Lab(f"{number}_{name}", title, f"What is {words} for, and what does it cost?", "-", "-", 60, [])


def _next_free() -> str:
    return f"{len(labs()):02}"


def with_entry(text: str, lab: Lab) -> str:
    """The list of labs as text, with the lab's entry in the place of the one it had, or at the end."""
    head, *entries = re.split(r"(?m)^(?=\[\[lab\]\])", text)
    entry = "[[lab]]\n" + "".join(f"{field.name} = {_toml(getattr(lab, field.name))}\n" for field in fields(lab)) + "\n"
    old = [number for number, old_entry in enumerate(entries) if f'name = "{lab.name}"\n' in old_entry]
    if old:
        entries[old[0]] = entry
    else:
        entries = [*(old_entry.rstrip("\n") + "\n\n" for old_entry in entries), entry]
    return head + "".join(entries).rstrip("\n") + "\n"


def _toml(value) -> str:
    return json.dumps(value, ensure_ascii=False)  # a string, a number or a list of strings: the same in both


# Room for it

def _check_room(places: Places, rewritten: list[Path]) -> None:
    if there := [place for place in places.tops if place.exists()]:
        raise LabsError(f"{shown(there[0])} is there already. Move it away, then run this again.")
    if changed := _uncommitted(rewritten):
        raise LabsError(
            f"{changed} has changes that are not committed, and would be changed. Commit them, then run this again."
        )


def _uncommitted(files: list[Path]) -> str:
    """The first of these files that git sees changed; empty where there is none, or no git."""
    if not (COURSE / ".git").exists() or not shutil.which("git"):
        return ""
    said = subprocess.run(
        ["git", "status", "--porcelain", "--", *map(str, files)], cwd=COURSE, capture_output=True, text=True
    )
    return said.stdout[3:].splitlines()[0] if said.stdout else ""


@contextmanager
def _all_or_nothing(new: list[Path], rewritten: list[Path]) -> Iterator[None]:
    before = {file: file.read_bytes() for file in rewritten}
    try:
        yield
    except BaseException:
        for file, content in before.items():
            file.write_bytes(content)
        for place in new:
            shutil.rmtree(place, ignore_errors=True)
            place.unlink(missing_ok=True)
        raise
    finally:
        labs.cache_clear()


# Its parts

def _write(lab: Lab, places: Places) -> None:
    for name in ("answers/right", "answers/wrong"):
        (places.home / name).mkdir(parents=True)
        for file in sorted((SKELETON / name).glob("*.py")):
            (places.home / name / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (places.home / "__init__.py").write_text(_filled("checks.py", lab), encoding="utf-8")
    (places.home / CLAUSES).write_text(_filled(CLAUSES, lab), encoding="utf-8")
    places.deck.write_text(_deck(lab), encoding="utf-8")
    places.notebook.parent.mkdir(parents=True)
    notebook = _notebook(lab)
    nbformat.write(notebook, places.notebook)  # a check that passes looks up its points there
    _run(notebook)
    nbformat.write(notebook, places.notebook)


def _filled(name: str, lab: Lab) -> str:
    """A file of the skeleton, about this lab."""
    text = (SKELETON / name).read_text(encoding="utf-8").replace("lab_NN", f"lab_{lab.number}")
    for field, value in (asdict(lab) | {"n": int(lab.number)}).items():
        text = text.replace(f"<{field}>", str(value))
    return text


def _notebook(lab: Lab) -> nbformat.NotebookNode:
    made = _jupytext().reads(_filled("notebook.py", lab), fmt="py:percent")
    made.metadata = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    for number, cell in enumerate(made.cells):
        cell.id = f"c{number:02}"
    return made


def _deck(lab: Lab) -> str:
    """The deck as JupyterLab would save it, whatever characters its title has."""
    made = _jupytext().reads(_filled("deck.md", replace(lab, title="title")), fmt="md:myst")
    for cell in made.cells:
        cell.source = cell.source.replace("# title", f"# {lab.title}")
    made.metadata["title"] = f"Lab {int(lab.number)} · {lab.title}"
    return _jupytext().writes(made, fmt="md:myst")


def _jupytext():
    try:
        import jupytext
    except ModuleNotFoundError:
        raise LabsError("a new lab is made with jupytext, which is missing here. Run: make setup") from None
    return jupytext


def _run(notebook: nbformat.NotebookNode) -> None:
    """Run it as CONTRIBUTING says, in a workspace of its own, and keep the outputs."""
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory(prefix="labs-new-") as folder:
        environment = os.environ | {"LABS_SEED": SEED, "LABS_HOME": folder, "PYTHONPATH": str(COURSE)}
        client = NotebookClient(notebook, timeout=LIMIT, kernel_name="python3", record_timing=False,
                                extra_arguments=["--IPKernelApp.log_level=ERROR"],
                                resources={"metadata": {"path": folder}})
        client.execute(env=environment)


# Where labs are listed

def _release() -> None:
    from autograders.release import release

    release()


def _list_it(start: Path, before: str) -> None:
    """In the README, and in the start page's output, which is the table that its cell makes now."""
    from autograders.readme_links import with_table

    labs.cache_clear()
    write_whole(README, with_table(README.read_text(encoding="utf-8")), 0o644)
    notebook = nbformat.read(start, as_version=4)
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        shown = output.get("data", {}).get("text/markdown")
        if shown == before:
            output.data["text/markdown"] = table("..")
    nbformat.write(notebook, start)
