"""nbgrader below a folder of any name: `Course (2026)`, `[draft]`, `100%`, `{old}`, `what?`.

nbgrader 0.9.6 puts the course's path, as it is, into glob patterns, a database URL, a format string and alembic's
configuration, where such signs have a meaning of their own; the latter is also read in the encoding of the locale.
nbgrader_config.py calls this module, and so every command and button of nbgrader is right.
"""

import glob
import os
from pathlib import Path
from types import SimpleNamespace

from nbgrader import api as gradebook
from nbgrader import dbutil, utils
from nbgrader.apps import api
from nbgrader.apps.dbapp import DbUpgradeApp
from nbgrader.converters import base
from sqlalchemy import create_engine, make_url

_NBGRADERS_BACKUP = DbUpgradeApp._backup_db_file


def take_folders_literally() -> None:
    """From now on nbgrader's patterns mean the folders that are there, and only what is left of them is a pattern."""
    for module in (utils, api, base):
        module.glob = SimpleNamespace(glob=_glob)
    gradebook.get_alembic_version = _newest_schema
    dbutil.upgrade = _upgrade
    DbUpgradeApp._backup_db_file = _backup


def database_url(file: Path) -> str:
    """SQLAlchemy decodes the name of the file, and takes what follows a question mark for options."""
    return "sqlite:///" + str(file).replace("%", "%25").replace("?", "%3F")


def in_format(folder: Path) -> str:
    """A folder as part of a format string."""
    return str(folder).replace("{", "{{").replace("}", "}}")


def _glob(pattern: str) -> list[str]:
    folder, rest = pattern, ""
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder, last = os.path.split(folder)
        rest = os.path.join(last, rest) if rest else last
    return glob.glob(os.path.join(glob.escape(folder), rest) if rest else glob.escape(folder))


def _newest_schema() -> str | None:
    """What nbgrader asks a process of alembic's, which is to be found on PATH, for."""
    from autograders.grading.gradebook.schema import Schemas

    return Schemas().newest


def _upgrade(url: str) -> None:
    from autograders.grading.gradebook.schema import Schemas

    with create_engine(url).begin() as connection:
        Schemas().migrate(connection)


def _backup(app: DbUpgradeApp, _: str) -> None:
    _NBGRADERS_BACKUP(app, make_url(app.coursedir.db_url).database)
