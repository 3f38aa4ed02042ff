"""What a verdict depends on beside the submission and the release:
those of our modules that it can reach, and their data.

From the engine's own modules, what the notebook imports, and the lab's services, every import is followed, also one
inside a function. A text that is the name of a module counts as an import of it. Where that cannot tell, all modules
count: to grade again costs time, an old verdict costs marks.
"""

import dis
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

import nbformat

from autograders.grading.cells import imported
from autograders.grading.model import Release, Submission
from autograders.homes import is_proof
from environments.course import lab_of
from environments.place import COURSE
from environments.services import SERVICES, grading_needs

ROOMS = ("autograders", "environments", "datasets")
# The coordinator's side, and the process that is forked.
ENGINE = ("autograders.grading.worker", "autograders.grading.zygote")
LOADERS = {
    "import_module", "__import__", "walk_packages", "iter_modules", "run_module", "run_path",
    "spec_from_file_location",
}
# These load by a name that is made at run time, and what they load is followed from elsewhere: what a notebook imports,
# the services of a lab and their handles, the APIs that stand by name in `environments.saas.app`, a student's own file,
# the work for which a process is forked; or it is a program of a tool, which is none of ours.
FOLLOWED = {
    "autograders.grading.zygote", "autograders.grading.codec", "autograders.grading.given", "environments.services",
    "environments.saas.simulator", "environments.connector", "environments.forks", "environments.stack.dagster_start",
}
LISTS_OF_ALL = {"environments.services"}  # names every service, of which those of the lab count
OF_ALL_LABS = {"environments/labs.toml"}  # of which the lab's services count
MENTIONED = re.compile(rb"(?:autograders|environments|datasets)(?:\.\w+)+|"
                       rb"from +((?:autograders|environments|datasets)[\w.]*) +import +([\w ,]*\w)?[ ,]*(\\\\|[(*])?")
# A file that may import what cannot be seen: by a name made at run time, or written so that nobody can search for it.
CANNOT_TELL = re.compile(rb"\0|importlib|__import__|\\u00[2-7]")


def edition_of(release: Release, submission: Submission) -> str:
    """Changes with whatever decides what a submission of this release scores, beside the two themselves."""
    return _edition(release.name, release.full, release.visible, frozenset(
        name for content in (submission.notebook, *submission.files.values()) for name in mentioned(content)))


def mentioned(content: bytes) -> Iterator[str]:
    """The modules of ours of which a submitted file speaks, in its code or elsewhere."""
    if CANNOT_TELL.search(content):
        yield from ours()
        return
    for found in MENTIONED.finditer(content):
        package, names, more = found.groups(b"")
        name = (package or found[0]).decode()
        yield name
        yield from (f"{name}.{module.split()[0]}" for module in names.decode().split(",") if module.strip())
        if more:  # a list over several lines, or a star
            yield from (module for module in ours() if module.startswith(f"{name}."))


@cache
def _edition(name: str, full: str, visible: str, more: frozenset[str]) -> str:
    lab = lab_of(name)
    chosen = lab.services if lab else []
    needs = grading_needs(chosen)
    services = [SERVICES[service].partition(":")[0] for service in chosen]
    roots = {*ENGINE, *imports_of(full), *imports_of(visible), *services, *needs.imports, *more,
             *(handle.partition(":")[0] for handle in needs.handles)}
    digest = hashlib.sha256(repr((sys.version, chosen)).encode())
    for file in (COURSE / "requirements.lock", *files_of(reached(roots)), *needs.depends_on):
        content = file.read_bytes() if file.exists() else b""
        digest.update(f"{file.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def imports_of(notebook: str) -> set[str]:
    """What a notebook, as JSON text, imports."""
    cells = nbformat.reads(notebook, as_version=4).cells
    return {name for cell in cells if cell.cell_type == "code" for name in imported(cell.source)}


def reached(roots: Iterable[str]) -> set[str]:
    """Those of our modules that an import of these brings in, directly or not."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        parts = name.split(".")
        for module in (".".join(parts[:n]) for n in range(1, len(parts) + 1)):
            if module in ours() and module not in found:
                found.add(module)
                waiting += _imports(module)
    return found


def files_of(modules: set[str]) -> list[Path]:
    """The files of these modules, and the data in the folders of their packages."""
    packages = {module if ours()[module].name == "__init__.py" else module.rpartition(".")[0] for module in modules}
    return sorted(
        {*(ours()[module] for module in modules), *(file for package in packages for file in _data().get(package, ()))}
    )


@cache
def ours() -> dict[str, Path]:
    """The file of each of our modules, by the module's name."""
    found = {}
    for file in (
        file for room in ROOMS for file in (COURSE / room).rglob("*.py") if not is_proof(file.relative_to(COURSE))
    ):
        parts = file.relative_to(COURSE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def _data() -> dict[str, list[Path]]:
    """By package, the files in its folder, and below it in folders that are no packages, which are not code."""
    found: dict[str, list[Path]] = {}
    for file in (file for room in ROOMS for file in (COURSE / room).rglob("*")):
        place = file.relative_to(COURSE)
        if file.suffix in (".py", ".pyc") or is_proof(place) or place.as_posix() in OF_ALL_LABS or not file.is_file():
            continue
        package = next(
            folder for folder in place.parents if (COURSE / folder / "__init__.py").exists() or len(folder.parts) == 1
        )
        found.setdefault(".".join(package.parts), []).append(file)
    return found


@cache
def _imports(module: str) -> frozenset[str]:
    """What a module of ours imports, and the modules of ours that its texts name.
    Read from what Python keeps compiled, which is quicker than the source."""
    file = ours()[module]
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    found: set[str] = set()
    compiled = SourceFileLoader(module, str(file)).get_code(module)
    assert compiled is not None  # of a file there is
    for code in _parts(compiled):
        if LOADERS.intersection(code.co_names) and module not in FOLLOWED:
            return frozenset(ours())
        if module not in LISTS_OF_ALL:
            found.update(const.partition(":")[0] for const in code.co_consts if type(const) is str and "." in const)
        for name, level, listed in _statements(code):
            if level:
                name = ".".join([*package.split(".")[:len(package.split(".")) - level + 1], *filter(None, [name])])
            found |= {name, *(f"{name}.{member}" for member in listed)}
            if "*" in listed:
                found.update(source for source in ours() if source.startswith(f"{name}."))
    return frozenset(found & ours().keys())


def _statements(code: CodeType) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """The imports in code: from where, how many packages above, and what."""
    if dis.opmap["IMPORT_NAME"] not in code.co_code[::2]:  # most functions import nothing
        return
    constants: list = []
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_CONST":
            constants.append(step.argval)
        elif step.opname == "IMPORT_NAME":
            yield step.argval, constants[-2], constants[-1] or ()


def _parts(code: CodeType) -> Iterator[CodeType]:
    """Code with the functions and classes in it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _parts(const)
