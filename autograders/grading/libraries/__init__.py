"""The libraries whose values travel, or which are slow the first time."""

from autograders.grading.libraries import arrow, duckdb, matplotlib, numpy, pandas
from autograders.grading.library import Library

ALL: tuple[Library, ...] = (numpy.LIBRARY, pandas.LIBRARY, arrow.LIBRARY, duckdb.LIBRARY, matplotlib.LIBRARY)
STAPLES = ("pandas",)  # imported before the first fork in any case: what students reach for whether or not the lab does
BY_PACKAGE = {library.package: library for library in ALL}


def environment(home: str = "") -> dict[str, str]:
    """What all of them want to be set in a process that grades.

    `home` is the submission's own folder, where there is one.
    """
    return {name: value.format(home=home) for library in ALL for name, value in library.environment.items()
            if home or "{home}" not in value}
