"""The warehouse of a workspace, and raw warehouses of unseen worlds for checks.

    with practice() as project:                     # a copy of the reference project on a small unseen world
        project.write("models/staging/stripe/stg_stripe__charges.sql", text)
        run = project.run("run", select="stg_stripe__charges")
    with practice(VARIED, built=True) as project:   # all models are there: run only the one in question
        project.write("models/marts/fct_mrr.sql", text)
        run = project.run("run", select="fct_mrr")

Worlds for checks are made once, kept in the workspace, and copied for each use.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from environments.errors import LabsError
from environments.grading_needs import GradingNeeds
from environments.place import COURSE
from environments.services import Status
from environments.stack.dbt_project import REFERENCE, WAREHOUSE, DbtProject, look
from environments.workspace import Workspace, graded

if TYPE_CHECKING:
    from datasets.marts import Marts
    from datasets.world import World

SEEDS = (4711, 5813)   # of the worlds for checks
VARIED = 6036          # of another one, with yearly prices, deleted rows, pauses and reactivations: see `varied`
HOUSEHOLDS, DAYS = 12, 7  # and their size; days of the product's events
VARIED_HOUSEHOLDS = 16
TEXTS = (".py", ".sql", ".yml", ".csv")
OWN_HOUSEHOLDS = 50    # in a workspace


@contextmanager
def practice(seed: int = SEEDS[0], locked: bool = True, built: bool = False) -> Iterator[DbtProject]:
    """The reference project in a folder of its own, on the raw tables of an unseen world; gone afterwards.

    `seed`: one of SEEDS, or VARIED. Locked, as a check needs it: whatever is written into it, the database opens no
    other file. `built`: the reference's seeds, models and snapshots are in the warehouse already.
    """
    kept = _built(seed) if built else _raw(seed)
    with tempfile.TemporaryDirectory(prefix="labs-dbt-") as folder:
        project = DbtProject.copy(Path(folder) / "project", locked=locked, source=_parsed())
        shutil.copyfile(kept, project.warehouse)
        yield project


def untouched(seed: int, sql: str, *values) -> list[tuple]:
    """Ask the warehouse of a world for checks as the reference builds it: raw tables, seeds, models, snapshots.

    What is due comes from here, or from the truth, and never from a warehouse that a student's project has written:
    its Jinja may have changed the raw tables as well.
    """
    return look(_built(seed), sql, *values)


def truth(seed: int) -> "Marts":
    """What the marts of a world for checks must hold."""
    from datasets.marts import Marts
    from environments.stack.varied import VariedMarts

    return (VariedMarts if seed == VARIED else Marts)(_world(seed), DAYS)


def own_built(workspace: Workspace) -> Path:
    """The workspace's warehouse as the reference builds it, to be copied; made once. While a notebook is graded it is
    one of those for checks, which are there: what only demonstrates need not wait for a build."""
    if graded():
        return _built(VARIED)
    service = WarehouseService(workspace)
    with workspace.lock():
        service.up()
    return _kept(f"own-{workspace.seed}", partial(_build_own, service.path)) / WAREHOUSE


def _world(seed: int) -> "World":
    from datasets.world import World

    return World(seed, VARIED_HOUSEHOLDS if seed == VARIED else HOUSEHOLDS)


def made() -> list[Path]:
    """The folders of all of them, made now where they are missing."""
    kept = [warehouse(seed).parent for seed in (*SEEDS, VARIED) for warehouse in (_raw, _built)]
    return [_parsed(), *kept]


# Each is made on its own, so that a first check waits for what it needs and no more.

def _kept(kind: str, make: Callable[[Path], object]) -> Path:
    from environments.templates import template

    return template(kind, _edition(), make)


def _parsed() -> Path:
    """The folder of the reference project with what dbt parsed of it: a check parses only what a student wrote."""
    return _kept("parsed", _parse)


def _raw(seed: int) -> Path:
    """The warehouse of a world for checks with its raw tables alone."""
    return _kept(f"raw-{seed}", partial(_land, seed)) / WAREHOUSE


def _built(seed: int) -> Path:
    """The same warehouse as the reference builds it."""
    return _kept(f"built-{seed}", partial(_build, seed)) / WAREHOUSE


def _parse(draft: Path) -> None:
    run = DbtProject.copy(draft, locked=True).run("parse")
    if not run.success:
        raise LabsError(f"the reference project was not parsed: {run.why()}")
    shutil.rmtree(draft / "logs", ignore_errors=True)


def _land(seed: int, draft: Path) -> None:
    from environments.stack.landing import land
    from environments.stack.varied import vary

    land(_world(seed), draft / WAREHOUSE, days=DAYS)
    if seed == VARIED:
        vary(draft / WAREHOUSE)


def _build(seed: int, draft: Path) -> None:
    with practice(seed) as project:
        _build_in(project, draft)


def _build_own(landed: Path, draft: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="labs-dbt-") as folder:
        project = DbtProject.copy(Path(folder) / "project", locked=True, source=_parsed())
        shutil.copyfile(landed, project.warehouse)
        _build_in(project, draft)


def _build_in(project: DbtProject, draft: Path) -> None:
    run = project.run("build", "--exclude-resource-type", "test", "unit_test")
    if not run.success:
        raise LabsError(f"the reference project was not built: {run.why()}")
    _settle(project.warehouse)
    shutil.copyfile(project.warehouse, draft / WAREHOUSE)


def _settle(warehouse: Path) -> None:
    """Have all of it in the one file, what a run that has ended left in the log beside it included."""
    import duckdb

    with duckdb.connect(str(warehouse), config={"threads": 1}) as con:
        con.execute("checkpoint")


@cache
def _edition() -> str:
    """Changes with whatever they are made from."""
    folders = [COURSE / "datasets", COURSE / "environments" / "stack", COURSE / "environments" / "saas"]
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in TEXTS]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


class WarehouseService:
    """The warehouse of a workspace: a file, of which nothing runs."""

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
