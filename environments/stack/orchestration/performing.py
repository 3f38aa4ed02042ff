"""A pipeline through a scenario, in a process of its own: see environments.stack.orchestration.nights, whose other half
this is. What it leaves was made beside a stranger's code, so it must be read with suspicion."""

import json
import os
import sys
import time
import traceback
import types
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

os.environ |= {"DO_NOT_TRACK": "1", "DAGSTER_DISABLE_TELEMETRY": "1"}

import dagster as dg  # noqa: E402

from environments.stack.orchestration import practice, simulation  # noqa: E402
from environments.stack.orchestration.records import runs_of  # noqa: E402
from environments.stack.orchestration.scenario import Scenario, scenario  # noqa: E402

MODULE = "pipeline"
warm_up = simulation.warm_up


def perform(argument: dict) -> None:
    """Run the definitions of a text, and leave what came of it as JSON in the file `answer`."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what steps print is not the notebook's; stdout is silent already
    os.environ.clear()
    os.environ |= argument["environment"] | {"DO_NOT_TRACK": "1", "DAGSTER_DISABLE_TELEMETRY": "1"}
    if hasattr(time, "tzset"):  # of the environment's TZ, if it has one
        time.tzset()

    def made() -> dg.Definitions:
        definitions = of_text(argument["text"])
        os.environ |= argument["later"]
        return definitions

    leave(made, scenario(argument["scenario"]), Path(argument["folder"]), Path(argument["answer"]))


def leave(made, chosen: Scenario, folder: Path, answer: Path) -> None:
    """What comes of the definitions that `made()` returns; an error in them is part of it."""
    os.chdir(folder)
    try:
        told = performed(made, chosen, folder)
    except Exception as e:
        told = {"error": _in_words(e)}
    draft = answer.with_suffix(".part")
    draft.write_text(json.dumps(told, default=str), encoding="utf-8")
    draft.rename(answer)


def of_text(text: str) -> dg.Definitions:
    """The definitions of a Python text: the only Definitions in it, or the one called `defs`."""
    module = types.ModuleType(MODULE)
    sys.modules[MODULE] = module
    exec(compile(text, f"{MODULE}.py", "exec"), module.__dict__)
    made = module.__dict__.get("defs") or next(
        (value for value in module.__dict__.values() if isinstance(value, dg.Definitions)), None)
    if not isinstance(made, dg.Definitions):
        raise TypeError("the text makes no dg.Definitions: end it with defs = dg.Definitions(...)")
    return made


def performed(made: Callable[[], dg.Definitions], chosen: Scenario, folder: Path) -> dict[str, Any]:
    """What comes of them, as plain data. This process is theirs afterwards: its environment has their keys."""
    time = simulation.SimulatedTime(chosen.begins)
    outside = practice.Outside(chosen, time, folder)
    webhook = practice.Webhook(outside)
    storage = folder / "dagster" if chosen.keep or chosen.resume else None
    with (outside.warehouse.held(), webhook.answering(), simulation.on(time),
          simulation.instance_in(storage) as instance):
        definitions = made()
        outside.fill()
        os.environ |= {"ALERTS_URL": webhook.url, "ALERTS_TOKEN": webhook.token,
                       "ALERTS_HEARTBEAT_URL": webhook.heartbeat_url}
        daemon = simulation.Daemon(definitions, instance, time, outside.resources(webhook), chosen.look_minutes,
                                   storage and storage / "daemon.json")
        daemon.run_until(chosen.ends, _orders(chosen, outside))
        return {"error": "", "runs": runs_of(instance), "ticks": [vars(tick) for tick in daemon.ticks],
                "alerts": webhook.taken, "refused": webhook.refused, "beats": webhook.inbox.beats,
                "calls": outside.calls}


def _orders(chosen: Scenario, outside: practice.Outside) -> list:
    """What people do, each at its moment."""
    orders: list = []
    for backfill in chosen.backfills:
        orders.append((datetime.fromisoformat(backfill.at), lambda daemon, it=backfill: [
            daemon.submit(it.job, dg.RunRequest(partition_key=key, tags={"dagster/backfill": it.at}))
            for key in it.partitions]))
    for launch in chosen.launches:
        orders.append((datetime.fromisoformat(launch.at), lambda daemon, it=launch: (
            daemon.leave_unfinished(it.job, it.state) if it.unfinished
            else daemon.submit(it.job, dg.RunRequest(partition_key=it.partition or None)))))
    for file in chosen.files:
        orders.append((datetime.fromisoformat(file.at), lambda daemon, it=file: _put(outside, it)))
    return orders


def _put(outside: practice.Outside, file) -> None:
    path = outside.folder / "crm" / Path(file.name).name
    path.write_text(file.text, encoding="utf-8")
    moment = datetime.fromisoformat(file.changed).timestamp() if file.changed else outside.time.time()
    os.utime(path, (moment, moment))


def _in_words(error: Exception) -> str:
    """The error, and the line of the pipeline that it comes from."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == f"{MODULE}.py"]
    where = f" ({MODULE}.py, line {lines[-1]})" if lines else ""
    return f"{type(error).__name__}: {error}{where}"
