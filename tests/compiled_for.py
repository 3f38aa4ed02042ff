"""The dbt project as it is compiled for a warehouse that is not here: with the macros that dbt would choose for its
adapter, such as snowflake, and else with DuckDB's own adapter, which wants no account."""

import json

from environments import forks
from environments.stack.dbt_project import LOCKED, DbtProject
from tests.waits import HANG

# With the profile and the environment that the project was parsed with, so that nothing is parsed again.
COMPILE = ["compile", "--select", "resource_type:model", "--profiles-dir", str(LOCKED), "--project-dir", "."]


def compiled_for(adapter: str, project: DbtProject) -> dict[str, str]:
    """The SQL of each model of a locked project."""
    answer = project.folder / "compiled.json"
    forks.run(f"{__name__}:perform_as", {"adapter": adapter, "folder": str(project.folder), "answer": str(answer),
                                         "arguments": COMPILE, "environment": project._environment()}, within=HANG)
    told = json.loads(answer.read_text())
    assert told["success"], told["error"]
    return {node["name"]: node["sql"] for node in told["nodes"] if node["kind"] == "model"}


def perform_as(argument: dict) -> None:
    """A run of dbt in this process, which is its own, that looks for macros of this adapter first."""
    from dbt.context.providers import BaseDatabaseWrapper

    from environments.stack.dbt_runs import perform

    BaseDatabaseWrapper._get_adapter_macro_prefixes = lambda _: [argument["adapter"], "duckdb", "default"]
    perform(argument)
