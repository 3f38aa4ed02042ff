"""What the checks of Lab 5 share: warehouses of their own, and the reference project, in which they run dbt texts."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from autograders.expect import CheckedFunction
from autograders.undisturbed import undisturbed
from environments.errors import LabsError
from environments.stack.dbt_project import WAREHOUSE, DbtProject, DbtRun, look
from environments.stack.warehouses import SEEDS, practice

WITHIN = 60  # seconds for one run of dbt
SHOWN = 3    # rows of a difference that a message shows
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Plant = Callable[[duckdb.DuckDBPyConnection], object]


def plant_into(path: Path, plant: Plant) -> None:
    """Let `plant` write into a warehouse, which is then one file."""
    # A run of dbt may have left the file, which then says what it likes, and has nothing else read or written.
    with undisturbed(), duckdb.connect(str(path), config={"threads": 1, "enable_external_access": "false"}) as con:
        con.execute("set timezone = 'UTC'")
        plant(con)
        con.execute("checkpoint")


@contextmanager
def warehouse(plant: Plant) -> Iterator[Path]:
    """A warehouse with what `plant` puts there, in a folder of its own; an answer may write into both."""
    with tempfile.TemporaryDirectory(prefix="labs-warehouse-") as folder:
        Path(folder).chmod(0o777)
        path = Path(folder) / WAREHOUSE
        plant_into(path, plant)
        path.chmod(0o666)
        yield path


@contextmanager
def held_practice(seed: int = SEEDS[0], built: bool = False) -> Iterator[DbtProject]:
    """The reference project on an unseen world. Ask for the student's texts before: while it is there, nothing that
    an answer left running does, which could write the project's files, the warehouse, or what dbt says of a run."""
    with undisturbed(), practice(seed, built=built) as project:
        yield project


@contextmanager
def project_with(seed: int, plant: Plant) -> Iterator[DbtProject]:
    """The reference project on an unseen world, into whose raw tables `plant` has put what the world lacks."""
    with held_practice(seed) as project:
        plant_into(project.warehouse, plant)
        yield project


def text_of(asked: CheckedFunction, when: str = "", arguments: tuple = ()) -> str:
    """The text that the student's function returns; of a kind of str of their own its characters alone."""
    text = asked(*arguments, when=when)
    asked.expect(issubclass(type(text), str), "the text of the file, a str")
    return str.__str__(text)


def ran(asked: CheckedFunction, project: DbtProject, *command: str, select: str) -> DbtRun:
    """What a run of dbt came to, well or not; CheckFailed where it did not end."""
    try:
        return project.run(*command, select=select, within=WITHIN)
    except LabsError as e:
        asked.fail("dbt to run it", got=str(e))


def built(asked: CheckedFunction, project: DbtProject, select: str, command: str = "run") -> None:
    """Run dbt on it; CheckFailed, with what dbt says, where it fails."""
    run = ran(asked, project, command, select=select)
    asked.expect(run.success, f"dbt {command} to succeed", got=f"dbt says: {run.why()}")


def rows_of(asked: CheckedFunction, project: DbtProject, sql: str) -> list[tuple]:
    """Rows of a project's warehouse.
    What is due is asked before the run: a student's Jinja may change raw tables, too."""
    return rows_in(asked, project.warehouse, sql, "a table or view with the columns named in the docstring")


def rows_in(asked: CheckedFunction, path: Path | str, sql: str, due: str) -> list[tuple]:
    """Rows of a warehouse; CheckFailed, with what was due, where it does not give them."""
    found, why = [], ""
    try:
        with undisturbed():
            found = look(path, sql)
    except LabsError as e:
        why = str(e)
    asked.expect(not why, due, got=why)
    return found


def tell(asked: CheckedFunction, of: str, told: str) -> None:
    """What is looked at next, of what the function made: a message and the list of cases begin with it."""
    asked.call, asked.when = f"{of} · {told}", told


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def expect_types(asked: CheckedFunction, project: DbtProject, relation: str, types: dict[str, str]) -> None:
    """That a relation has these columns, with these types, beside others or not."""
    schema, name = relation.split(".")
    found = dict(rows_of(asked, project, "select column_name, data_type from information_schema.columns "
                                         f"where table_schema = '{schema}' and table_name = '{name}'"))
    missing = [column for column in types if column not in found]
    asked.expect(not missing, f"the columns {', '.join(types)}", got=f"made no column {', '.join(missing)}")
    wrong = {column: found[column].lower() for column, kind in types.items() if found[column].lower() != kind}
    asked.expect(not wrong, ", ".join(f"{column} {types[column]}" for column in wrong or types),
                 got=f"made {', '.join(f'{column} {kind}' for column, kind in wrong.items())}")


def expect_rows(asked: CheckedFunction, found: list[tuple], due: list[tuple], what: str) -> None:
    """That both have the same rows, in any order. A message says how many differ, not what was due."""
    found, due = sorted(found, key=repr), sorted(due, key=repr)
    strange = [row for row in found if row not in due][:SHOWN]
    asked.expect(len(found) == len(due), f"{len(due)} rows: {what}", got=f"gave {len(found)} rows")
    asked.expect(found == due, what, got=f"gave rows that are not due, such as {strange[:1]}")


def expect_kinds(asked: CheckedFunction, of: str, kinds: dict[str, list], columns: list[str], found: list[tuple],
                 due: list[tuple]) -> None:
    """That both have the same rows, kind by kind, and then those of no kind. A row begins with its key."""
    known = set().union(*kinds.values())
    others = {row[0] for row in (*found, *due)} - known
    for told, keys in (kinds | {"any other": others}).items():
        tell(asked, of, told)
        mine, yours = (sorted((row for row in rows if row[0] in keys), key=repr) for rows in (found, due))
        asked.expect(len(mine) == len(yours), f"{len(yours)} rows" if yours else "no row",
                     got=f"gave {len(mine)} rows")
        for place, column in enumerate(columns):
            wrong = [row[place] for row, right in zip(mine, yours, strict=True) if row[place] != right[place]]
            asked.expect(not wrong, f"{column} as the docstring says", got=f"gave {column} {wrong[:1]}")
