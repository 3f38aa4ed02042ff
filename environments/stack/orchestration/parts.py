"""Parts of a pipeline that are written in a notebook's cells, and the pipeline that they make together.

    @part
    def loads() -> list: ...              # real Python, which gives assets, checks, jobs, schedules or sensors

    loads()                               # the text of this function: what a process of its own runs
    nights(Scenario(...), loads)          # the pipeline of these parts, through simulated days
    described(loads)                      # its assets, and what each of them says of itself

A part is a text by itself: it uses the names of PREAMBLE, what it imports and what it defines, and nothing else of its
notebook. It takes what other parts made by the names of GIVEN.
"""

import ast
import functools
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from environments.errors import LabsError
from environments.stack.orchestration.nights import Nights
from environments.stack.orchestration.scenario import Scenario

PREAMBLE = """\
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo
import dagster as dg
import pandas as pd
from environments.errors import LabsError
from environments.stack.ingest.errors import Passing
from environments.stack.orchestration.alerts import Alert, Alerts, reason
from environments.stack.orchestration.crm import CrmFolder
from environments.stack.orchestration.feeds import FEEDS, duty_of
from environments.stack.orchestration.publication import PublicFolder
from environments.stack.orchestration.resources import Clock, Dbt, Source, WarehouseFile
"""
ALLOWED = {"environments.errors", "environments.stack.ingest.errors", "environments.stack.orchestration.feeds",
           "environments.stack.orchestration.resources", "environments.stack.orchestration.scenario"}
OURS = ("environments", "autograders", "datasets")
BY_OTHER_ROADS = {"importlib", "runpy", "pkgutil", "__import__", "exec", "eval", "compile", "modules", "__globals__",
                  "__builtins__", "__loader__", "__spec__"}
DESCRIPTION = "description.json"
MAX_DESCRIPTION = 2**20
# The course's own parts, as texts, in the order in which a pipeline is put together.
COURSE = {
    "billing": "from environments.stack.orchestration.loads import stripe\nmade += [stripe]\n",
    "other_loads": "from environments.stack.orchestration.loads import amplitude, mixpanel, production\n"
                   "made += [mixpanel, amplitude, production]\n",
    "models": "from environments.stack.orchestration.parts import models\nmade += models()\n",
    "published": "from environments.stack.orchestration.parts import models\n"
                 "from environments.stack.orchestration.publication import published\nmade += published(models())\n",
    "checks": "from environments.stack.orchestration.checks import checks_of\n"
              "made += [checks_of(name) for name in FEEDS]\n",
    "jobs": "from environments.stack.orchestration.parts import jobs\nmorning, reload = jobs()\n"
            "made += [morning, reload]\n",
    "every_morning": "from environments.stack.orchestration.schedules import mornings\nmade += [mornings(morning)]\n",
    "sheet": "from environments.stack.orchestration.crm import crm, crm_job\nmade += [crm, crm_job]\n",
}
MORNINGS = tuple(name for name in COURSE if name != "sheet")  # what runs by the clock
IN_PLACE_OF = {"loads": ("billing", "other_loads"), "fresh": ("checks",), "usual": ("checks",)}
GIVEN = ("morning", "reload")  # what the part jobs gives, in this order, which other parts may take


def part(function: Callable) -> Callable[[], str]:
    """A function of a cell as a text: called, it gives its source."""

    @functools.wraps(function)
    def text() -> str:
        lines = textwrap.dedent(inspect.getsource(function))
        if "raise NotImplementedError" in lines:
            function(*[None] * len(inspect.signature(function).parameters))  # not written yet: it says so itself
        definition = ast.parse(lines).body[0]
        return "\n".join(lines.splitlines()[definition.lineno - 1:]) + "\n"

    return text


def name_of(text: str) -> str:
    """The name of a part's function. LabsError where its text is none, or uses the course's own pipeline."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        raise LabsError(f"the part is no Python: {e}") from None
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.FunctionDef):
        raise LabsError("the part is not one function.", "Write @part above its def.")
    if wrong := next(filter(None, map(_forbidden, ast.walk(tree))), ""):
        raise LabsError(f"the part uses {wrong}: that is the course's own.", "Write it with Dagster's names.")
    return tree.body[0].name


def _forbidden(node: ast.AST) -> str:
    """What a node of a part uses that it may not, if it does."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module not in ALLOWED else []
        names = [name for name in names if name not in ALLOWED]
    elif isinstance(node, (ast.Name, ast.Attribute)):
        return next((name for name in (getattr(node, "id", ""), getattr(node, "attr", "")) if name in BY_OTHER_ROADS),
                    "")
    return next((name for name in names if name.split(".")[0] in (*OURS, *BY_OTHER_ROADS) and name not in ALLOWED), "")


def pipeline(*texts: str, course: Iterable[str] = (), rest: str = "") -> str:
    """The text of a pipeline of these parts' texts, and of the parts that the course has of these names, each in the
    order of COURSE. `rest` is a text of the course's own, which adds to the list `made`."""
    own = {name_of(text): text for text in texts}
    left_out = {replaced for name in own for replaced in IN_PLACE_OF.get(name, ())}
    lines = [PREAMBLE, "made = []\n", rest]
    for name in [*COURSE, *(name for name in own if name not in COURSE)]:
        if name in own:
            lines.append(f"{own[name]}{_call(name, own[name])}")
        elif name in course and name not in left_out:
            lines.append(COURSE[name])
    return "\n".join([*lines, "from environments.stack.orchestration.parts import collected\n"
                              "defs = collected(made)\n"])


def _call(name: str, text: str) -> str:
    """Has a part made. What it takes of other parts, it names."""
    function: Any = ast.parse(text).body[0]
    wanted = [argument.arg for argument in function.args.args]
    return f"made.append({name}({', '.join(wanted)}))\n" + (
        f"{', '.join(GIVEN)} = made[-1]\n" if name == "jobs" else "")


def collected(made: Any):
    """Definitions of all that is in these lists, each where it belongs."""
    import dagster as dg
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

    found: dict[str, list] = {"assets": [], "asset_checks": [], "jobs": [], "schedules": [], "sensors": []}
    kinds = {"asset_checks": dg.AssetChecksDefinition, "assets": dg.AssetsDefinition,
             "jobs": (dg.JobDefinition, UnresolvedAssetJobDefinition), "schedules": dg.ScheduleDefinition,
             "sensors": dg.SensorDefinition}
    for each in _flat(made, tuple(kinds.values())):
        kind = next((name for name, classes in kinds.items() if isinstance(each, classes)), "")
        if not kind:
            raise TypeError(f"a part gave {each!r:.80}, which is no asset, check, job, schedule or sensor")
        found[kind].append(each)
    definitions = dg.Definitions(**found, executor=dg.in_process_executor)  # type: ignore[arg-type]
    Path(DESCRIPTION).write_text(json.dumps(_description(definitions)), encoding="utf-8")
    return definitions


def _flat(made: Any, kinds: tuple) -> list:
    """All that is in these lists and tuples, also named ones; some of Dagster's own definitions are tuples, too."""
    if isinstance(made, (list, tuple)) and not isinstance(made, kinds):
        return [each for inner in made for each in _flat(inner, kinds)]
    return [made]


def _description(definitions) -> list[dict[str, Any]]:
    """What each asset says of itself."""
    return [{"asset": spec.key.to_user_string(), "step": made.node_def.name, "owners": list(spec.owners),
             "tags": dict(spec.tags), "group": spec.group_name or "", "description": spec.description or "",
             "deps": sorted(dep.asset_key.to_user_string() for dep in spec.deps),
             "partitioned": made.partitions_def is not None}
            for made in definitions.assets or [] if hasattr(made, "specs") for spec in made.specs]


def description_in(folder: Path) -> list[dict[str, Any]]:
    """What a pipeline said of its assets, as far as its form is right: it was written beside a stranger's code."""
    file = folder / DESCRIPTION
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > MAX_DESCRIPTION:
            return []
        return [{"asset": str(one["asset"]), "step": str(one["step"]), "owners": [str(o) for o in one["owners"]],
                 "tags": {str(k): str(v) for k, v in dict(one["tags"]).items()}, "group": str(one["group"]),
                 "deps": [str(d) for d in one["deps"]], "description": str(one["description"]),
                 "partitioned": bool(one["partitioned"])}
                for one in json.loads(file.read_text(encoding="utf-8"))]
    except (ValueError, KeyError, TypeError, RecursionError, OSError):
        return []


def why(error: str, text: str) -> str:
    """An error of a pipeline, with the line in place of its number."""
    found = re.search(r" \(pipeline\.py, line (\d+)\)$", error)
    lines = text.splitlines()
    if not found or not 0 < int(found[1]) <= len(lines):
        return error
    return f"{error[:found.start()]}  (your line: {lines[int(found[1]) - 1].strip()})"


def nights(scenario: Scenario, *parts: Callable[[], str], course: Iterable[str] = MORNINGS, ask: str = "") -> Any:
    """The pipeline of these parts, and the course's of these names, through simulated days; with `ask`, the rows that
    this query then finds in its warehouse. Prints what schedules and sensors failed with. LabsError where it cannot
    run."""
    text = pipeline(*(made() for made in parts), course=course)
    with Nights(text) as simulated:
        outcome = simulated.run(scenario)
        if outcome.error:
            raise LabsError(why(outcome.error, text))
        for told in sorted({f"{tick.kind} {tick.name} failed: {tick.why}" for tick in outcome.ticks
                            if tick.status == "failed"}):
            print(told)
        return simulated.rows(ask) if ask else outcome


def described(*parts: Callable[[], str], course: Iterable[str] = MORNINGS) -> list[dict[str, Any]]:
    """What the assets of these parts say of themselves."""
    text = pipeline(*(made() for made in parts), course=course)
    with Nights(text) as simulated:
        outcome = simulated.run(Scenario("2026-03-02T00:00-05:00", "2026-03-02T00:01-05:00", history=0))
        if outcome.error:
            raise LabsError(why(outcome.error, text))
        return description_in(simulated.folder)


def models() -> list:
    """Two steps that stand in for dbt's, each of which makes one mart."""
    import dagster as dg

    from environments.stack.orchestration.resources import Dbt, WarehouseFile

    def step(name: str, mart: str, deps: list[str]):
        @dg.multi_asset(name=name, specs=[dg.AssetSpec(mart, deps=deps, group_name="dbt")])
        def build(dbt: Dbt, warehouse: WarehouseFile):
            run = dbt.build(warehouse, [f"model.teaspoon.{mart}"])
            if not run.success:
                raise dg.Failure(run.why(), allow_retries=False)
            yield dg.MaterializeResult(asset_key=mart)

        return build

    return [step("billing_models", "fct_mrr", ["stripe"]),
            step("customer_models", "dim_customers", ["production", "mixpanel", "amplitude", "fct_mrr"])]


def jobs() -> tuple:
    """As the course's own, also where there is no sheet."""
    import dagster as dg

    from environments.stack.orchestration.schedules import morning_of, reload_of

    named = dg.AssetSelection.key_substring  # of one that is not there, too
    return morning_of(dg.AssetSelection.all() - named("crm")), reload_of(named("mixpanel") | named("amplitude"))
