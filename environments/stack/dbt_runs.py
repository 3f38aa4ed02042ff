"""One run of dbt, in a process of its own: see environments.stack.dbt_project, whose other half this is.

What a project says is obeyed here, so what it leaves must be read with suspicion.
"""

import json
import multiprocessing
import os
import shutil
import tempfile
from pathlib import Path

os.environ |= {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}

import dbt.mp_context  # noqa: E402

# dbt has locks, and no processes. Those of a spawning context are files in shared memory, which a process that is
# killed leaves behind, and have a process of their own that looks after them.
dbt.mp_context._MP_CONTEXT = multiprocessing.get_context("fork")  # type: ignore[assignment]

import dbt.adapters.duckdb  # noqa: E402, F401 (imported before the first fork)
from dbt.cli.main import dbtRunner  # noqa: E402

MOST_ROWS = 20  # of the rows of a failed test that are told
# The static parser has threads of its own, which no fork of this process would have.
# A log's file that was open before the fork could be any other file's number after it.
FLAGS = ("--no-use-colors", "--quiet", "--no-version-check", "--no-print", "--no-populate-cache", "--no-static-parser",
         "--log-level-file", "none")


def perform(argument: dict) -> None:
    """Run dbt as `argument` says, and leave what came of it as JSON in the file `answer`."""
    os.chdir(argument["folder"])
    os.environ.clear()
    os.environ |= argument["environment"]
    answer = _performed(argument["arguments"])
    draft = Path(f"{argument['answer']}.part")
    draft.write_text(json.dumps(answer, default=str), encoding="utf-8")
    draft.rename(argument["answer"])


def warm_up() -> None:
    """Have what every run goes through imported and compiled: parse the reference project, and read what was parsed."""
    from environments.stack.dbt_project import REFERENCE

    before = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(REFERENCE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("target", "logs"))
        os.chdir(folder)
        try:
            for _ in range(2):
                _performed(["parse", "--profiles-dir", ".", "--project-dir", "."])
        finally:
            os.chdir(before[0])
            os.environ.clear()
            os.environ |= before[1]


def _performed(arguments: list[str]) -> dict:
    done = dbtRunner().invoke([arguments[0], *FLAGS, *arguments[1:]])
    nodes = [_told(result) for result in getattr(done.result, "results", None) or []]
    return {"success": bool(done.success), "error": str(done.exception) if done.exception else "", "nodes": nodes}


def _told(result) -> dict:
    node = result.node
    return {
        "id": node.unique_id,
        "name": node.name,
        "kind": str(node.resource_type),
        "status": str(result.status),
        "message": str(getattr(result, "message", None) or ""),
        "failures": getattr(result, "failures", None),
        "rows": (getattr(result, "adapter_response", None) or {}).get("rows_affected"),
        "seconds": float(getattr(result, "execution_time", 0) or 0),
        "sql": getattr(node, "compiled_code", None) or "",
        "path": str(getattr(node, "original_file_path", "")),
    }
