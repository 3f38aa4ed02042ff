"""The autograded folder: files replaced in one step, and only where they differ."""

import os
import secrets
import shutil
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from nbgrader.coursedir import CourseDirectory

from environments.errors import LabsError


def as_bytes(notebook: str) -> bytes:
    """A notebook as UTF-8; half a surrogate pair, which UTF-8 has no bytes for, as JSON's own escape."""
    return notebook.encode("utf-8", "backslashreplace")


def layered(*layers: dict[str, bytes]) -> dict[str, bytes]:
    """Files of several origins as one folder: where two cannot both be, the earlier layer's.

    Raises LabsError for a path that leads out of the folder.
    """
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    for path, content in (item for layer in layers for item in layer.items()):
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\0" in path:
            raise LabsError(
                f"{path!a} leads out of a submission's folder. Remove it there and run the same command again."
            )
        above = {str(parent) for parent in pure.parents[:-1]}
        if str(pure) not in files and str(pure) not in folders and not above & files.keys():
            files[str(pure)] = content
            folders |= above
    return files


def ignored(path: str, patterns: list[str]) -> bool:
    return any(fnmatch(part, pattern) for part in PurePosixPath(path).parts for pattern in patterns)


def _present(folder: Path, course: CourseDirectory) -> set[str]:
    """The files of a folder, links among them, that nbgrader does not ignore."""
    found = {os.path.relpath(os.path.join(at, name), folder) for at, folders, names in os.walk(folder)
             for name in [*names, *(name for name in folders if os.path.islink(os.path.join(at, name)))]}
    return {path for path in found if not ignored(path, course.ignore)}


def holds(folder: Path, files: dict[str, bytes], course: CourseDirectory) -> bool:
    return _present(folder, course) == files.keys() and all(
        _has(folder / path, content) for path, content in files.items()
    )


def _has(path: Path, content: bytes) -> bool:
    """Whether a file has this content."""
    try:
        return not path.is_symlink() and path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def write_folder(folder: Path, files: dict[str, bytes], course: CourseDirectory, mode: int) -> None:
    """Make a folder hold these files and no others, touching only what differs, the last file last."""
    _make(folder, course)
    for path in _present(folder, course) - files.keys():
        (folder / path).unlink()
    missing = {folder / path: content for path, content in files.items() if not _has(folder / path, content)}
    for place, content in missing.items():
        _make(place.parent, course)
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        put(place, content, mode)
    for parent in {path.parent for path in missing}:
        _sync(parent)


def _make(folder: Path, course: CourseDirectory) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if course.groupshared:
        with suppress(PermissionError):  # another instructor's, who has shared it
            folder.chmod((folder.stat().st_mode | 0o2770) & 0o2777)


def put(path: Path, content: bytes, mode: int) -> None:
    """Replace a file in one step: a kill or a power cut leaves either the old content or the new."""
    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with open(draft, "xb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    at = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)
