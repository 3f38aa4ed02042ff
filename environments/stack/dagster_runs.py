"""Runs that a kill left unfinished: `python -m environments.stack.dagster_runs`, with DAGSTER_HOME set, counts them.

Dagster notices a run that dies under a living code server. Where both are killed, its run would stay "started" for
ever: nobody is alerted, and its place in the queue is never free. It is called failed here, so that sensors see it and
retries apply; nothing is run by that.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

BEGUN = ("STARTING", "STARTED", "CANCELING")
WHY = "The process of this run was killed, or this machine went down."
LAUNCHED = ".dagster/grpc_info"  # the tag of runs that a code server was told to start


def unfinished(home: Path) -> int:
    """How many runs have begun and not ended, without importing Dagster."""
    file = home / "history" / "runs.db"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(file, timeout=30)) as con:
        if not con.execute("select 1 from sqlite_master where name = 'runs'").fetchone():
            return 0
        marks = ", ".join("?" * len(BEGUN))
        return con.execute(f"select count(*) from runs where status in ({marks})", BEGUN).fetchone()[0]


def fail_unfinished() -> int:
    """Call those failed that were launched here and can no longer run; how many."""
    from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

    with DagsterInstance.get() as instance:
        runs = [run for run in instance.get_runs(RunsFilter(statuses=[DagsterRunStatus(s) for s in BEGUN]))
                if LAUNCHED in run.tags]
        for run in runs:
            instance.report_run_failed(run, WHY)
    return len(runs)


if __name__ == "__main__":
    print(fail_unfinished())
