"""What a project's tests say of a warehouse that is right, and of ones that are broken.

    tests = {"tests/assert_revenue.sql": text}
    BROKEN = "update marts.fct_net_revenue set refunds_cents = -refunds_cents"
    run = run_tests(tests, select="assert_revenue", broken=BROKEN)
    caught = failing(run, broken=BROKEN)                # in a check: within `undisturbed()`

The project's files are the same whichever warehouse it is, so a test can tell a broken one by its rows alone. A test
fails where dbt says so and its compiled SQL, asked of a warehouse that the project has not written, finds rows.
"""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from environments.errors import LabsError
from environments.stack.dbt_project import DbtRun, NodeRun, look
from environments.stack.warehouses import VARIED, practice, raw

WITHIN = 60  # seconds for the tests of one warehouse


def run_tests(files: Mapping[str, str], select: str | Sequence[str], broken: str = "", seed: int = VARIED,
             within: float = WITHIN) -> DbtRun:
    """Put these files into the reference project and run the selected tests on its ready-built warehouse, after the
    statements `broken` have changed what is in it."""
    with practice(seed, built=True) as project:
        for path, text in files.items():
            project.write(path, text)
        _break(project.warehouse, broken)
        return project.run("test", select=select, within=within)


def failing(run: DbtRun, broken: str = "", seed: int = VARIED) -> list[str]:
    """The names of the tests of a run that fail, in order. LabsError where the run did not begin, or a test of it
    could not be asked."""
    if run.error:
        raise LabsError(run.why())
    for node in run.nodes:
        if node.status not in ("pass", "fail", "warn"):
            raise LabsError(f"{node.kind} {node.name} could not be run: {node.message}")
    with tempfile.TemporaryDirectory(prefix="labs-dbt-") as folder:
        warehouse = Path(folder) / "warehouse.duckdb"
        shutil.copyfile(raw(seed).with_name(f"built-{seed}.duckdb"), warehouse)
        _break(warehouse, broken)
        return sorted(node.name for node in run.nodes if node.status == "fail" and _finds_rows(node, warehouse))


def _finds_rows(node: NodeRun, warehouse: Path) -> bool:
    """A unit test compares rows of its own, and has nothing to ask a warehouse."""
    return node.kind == "unit_test" or bool(look(warehouse, f"select 1 from (\n{node.sql}\n) limit 1"))


def _break(warehouse: Path, statements: str) -> None:
    import duckdb

    if statements:
        with duckdb.connect(str(warehouse), config={"threads": 1}) as con:
            con.execute(f"{statements};\ncheckpoint")
