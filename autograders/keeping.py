"""What `nbgrader generate_assignment` and formgrader's Generate button call
to release a lab without losing anybody's work.

nbgrader removes the whole folder of the lab before it writes. `KeepingExporter` is made before that, and sets the
folder aside.
"""

import shutil
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor

from autograders.grading.cells import STAMP, is_grade, is_locked, is_solution, is_task, stamp_of
from autograders.grading.model import Assignment, Release
from autograders.grading.releases import release_of
from autograders.work import has_work, keep
from environments.errors import LabsError


class WithoutWidgets(NbGraderPreprocessor):
    """Takes out what widgets leave in a notebook's metadata: the state of outputs that a release does not have."""

    def preprocess(self, nb, resources):
        nb.metadata.pop("widgets", None)
        return nb, resources


class Stamp(NbGraderPreprocessor):
    """Writes into each ordinary cell what tells its text, later, from a person's.
    nbgrader's checksums do so for the others."""

    def preprocess_cell(self, cell, resources, cell_index):
        cell.metadata.pop(STAMP, None)
        if not any(marked(cell) for marked in (is_grade, is_solution, is_locked, is_task)):
            cell.metadata[STAMP] = stamp_of(cell.cell_type, cell.source)
        return cell, resources


class KeepingExporter(NotebookExporter):
    """Exports notebooks as ever;
    made for a release, it first sets aside what a person has in the folders to be removed."""

    def __init__(self, config=None, parent=None, **kw):
        super().__init__(config=config, parent=parent, **kw)
        if isinstance(parent, GenerateAssignment) and parent.force:
            for source in parent.assignments:
                _set_aside(parent, Path(source))


def _set_aside(converter: GenerateAssignment, source: Path) -> None:
    """Rename the lab's folder where a person has something in it; bring it back when the lab is released.

    Raises NbGraderException, before anything is removed, where the lab cannot be released.
    """
    folder = Path(converter._format_dest(source.name, "."))
    if not folder.is_dir():
        return
    try:
        release = release_of(Assignment(source.name, source / f"{source.name}.ipynb"), converter.config)
    except LabsError as e:
        raise NbGraderException(str(e)) from None
    if not _persons_files(folder, release):
        return
    aside = _free(folder)
    folder.rename(aside)
    theirs = converter.post_convert_hook

    def after(**what):
        _bring_back(aside, folder, release, converter.log)
        if theirs:
            theirs(**what)

    converter.post_convert_hook = after


def _persons_files(folder: Path, release: Release) -> list[Path]:
    """What the release did not make, or a person has changed, by its path within the folder."""
    files = (file for file in folder.rglob("*") if file.is_file() or file.is_symlink())
    return [file.relative_to(folder) for file in files if _is_persons(file, folder, release)]


def _is_persons(file: Path, folder: Path, release: Release) -> bool:
    path = file.relative_to(folder).as_posix()
    if path == f"{release.name}.ipynb":
        return has_work(file.read_bytes(), release)
    return path not in release.files or file.read_bytes() != release.files[path]


def _free(folder: Path) -> Path:
    """A name beside the folder that nothing has."""
    names = (folder.with_name(f"{folder.name}_kept{f'_{number}' if number > 1 else ''}") for number in range(1, 1000))
    return next(name for name in names if not name.exists())


def _bring_back(aside: Path, folder: Path, release: Release, log) -> None:
    for path in _persons_files(aside, release):
        new = folder / path
        new.parent.mkdir(parents=True, exist_ok=True)
        if new.exists():
            kept = keep(new, (aside / path).read_bytes())
            log.warning("Kept what was changed in %s as %s", new, kept)
        else:
            (aside / path).rename(new)
    shutil.rmtree(aside)
