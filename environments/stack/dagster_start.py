"""Start a program of Dagster: `python -m environments.stack.dagster_start MODULE ARGUMENTS`, with DAGSTER_HOME set.

Two processes that make Dagster's storage at the same time can break it for good: each enters its version, and the next
program ends with "more than one head present" (seen with Dagster 1.13 on 2026-11-30). So it is made under a lock first,
by the program that comes first.
"""

import fcntl
import os
import runpy
import sys
from pathlib import Path


def make_storage(home: Path) -> None:
    """Once for a home."""
    made = home / "storage-made"
    with open(home / "storage.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not made.exists():
            from dagster import DagsterInstance

            with DagsterInstance.get():
                made.touch()


if __name__ == "__main__":
    make_storage(Path(os.environ["DAGSTER_HOME"]))
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
