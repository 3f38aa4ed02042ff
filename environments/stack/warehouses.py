"""The warehouse of a workspace, and raw warehouses of unseen worlds for checks.

    with practice() as project:                     # a copy of the reference project on a small unseen world
        project.write("models/staging/stripe/stg_stripe__charges.sql", text)
        run = project.run("run", select="stg_stripe__charges")

Worlds for checks are made once, kept in the workspace, and copied for each use.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from environments.grading_needs import GradingNeeds
from environments.place import COURSE
from environments.services import Status
from environments.stack.dbt_project import REFERENCE, WAREHOUSE, DbtProject
from environments.workspace import Workspace

if TYPE_CHECKING:
    from datasets.marts import Marts

SEEDS = (4711, 5813)   # of the worlds for checks
HOUSEHOLDS, DAYS = 12, 7  # and their size; days of the product's events
KIND = "warehouses"
TEXTS = (".py", ".sql", ".yml", ".csv")
OWN_HOUSEHOLDS = 50    # in a workspace


@contextmanager
def practice(seed: int = SEEDS[0], locked: bool = True) -> Iterator[DbtProject]:
    """The reference project in a folder of its own, on the raw tables of an unseen world; gone afterwards.

    `seed`: one of SEEDS. Locked, as a check needs it: whatever is written into it, the database opens no other file.
    """
    kept = raw(seed)
    with tempfile.TemporaryDirectory(prefix="labs-dbt-") as folder:
        project = DbtProject.copy(Path(folder) / "project", locked=locked, source=kept.parent / "project")
        shutil.copyfile(kept, project.warehouse)
        yield project


def raw(seed: int) -> Path:
    """The raw tables of a world for checks: not to be changed."""
    return _folder() / f"raw-{seed}.duckdb"


def truth(seed: int) -> "Marts":
    """What the marts of a world for checks must hold."""
    from datasets.marts import Marts
    from datasets.world import World

    return Marts(World(seed, HOUSEHOLDS), DAYS)


def made() -> list[Path]:
    """The folder of all of them, made now where it is missing."""
    return [_folder()]


def _folder() -> Path:
    from environments.templates import template

    return template(KIND, _edition(), _make)


def _make(draft: Path) -> None:
    from datasets.world import World
    from environments.stack.landing import land

    for seed in SEEDS:
        land(World(seed, HOUSEHOLDS), draft / f"raw-{seed}.duckdb", days=DAYS)
    project = DbtProject.copy(draft / "project", locked=True)
    project.run("parse")  # so that a check parses only what a student wrote
    shutil.rmtree(draft / "project" / "logs", ignore_errors=True)


@cache
def _edition() -> str:
    """Changes with whatever they are made from."""
    folders = [COURSE / "datasets", COURSE / "environments" / "stack", COURSE / "environments" / "saas"]
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in TEXTS]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


class WarehouseService:
    """The warehouse of a workspace: a file, and the folder of the student's dbt project beside it. Nothing of it
    runs."""

    grading = GradingNeeds(
        templates=made,
        imports=("environments.stack.dbt_runs", "environments.stack.warehouses"),
        shares={"warehouse": 0.25},
        depends_on=tuple(sorted(file for file in REFERENCE.rglob("*") if file.suffix in TEXTS)),
    )

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self.folder = workspace.root / "warehouse"

    @property
    def path(self) -> Path:
        return self.folder / WAREHOUSE

    def project(self) -> DbtProject:
        """The student's own dbt project, which may still be empty."""
        return DbtProject(self.folder / "dbt", self.path)

    def up(self) -> list[str]:
        """Land the raw tables of the workspace's world, where there are none."""
        if self.path.exists():
            return []
        from datasets.world import World
        from environments.stack.landing import EVENT_DAYS, land

        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".{WAREHOUSE}"
        draft.unlink(missing_ok=True)
        households = max(5, round(OWN_HOUSEHOLDS * self.grading.share("warehouse")))
        land(World(self.workspace.seed, households), draft, days=EVENT_DAYS if households == OWN_HOUSEHOLDS else DAYS)
        draft.replace(self.path)
        return [f"Teaspoon's warehouse made: the raw tables of {households} households"]

    def down(self) -> list[str]:
        return []

    def status(self) -> list[Status]:
        """Nothing until it is made: it is a file, and does not run."""
        return [Status("warehouse", "running", "a file")] if self.path.exists() else []

    def places(self) -> dict[str, dict]:
        return {"warehouse": {"path": str(self.path)}} if self.path.exists() else {}

    def reset(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
