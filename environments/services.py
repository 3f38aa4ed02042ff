"""All services of a workspace: bring up what a lab needs, look, take down, start over.

A service is a class with `up`, `down`, `status` and `reset`, made from a workspace, and `grading`, what grading needs
of it; it is imported where it is used. A tool with an environment of its own has `install`, too. One command at a time
changes a workspace: it holds the workspace's lock from before the service is made.
"""

import shutil
from dataclasses import asdict, dataclass
from importlib import import_module

from environments.causes import named
from environments.course import Lab, labs
from environments.grading_needs import GradingNeeds, all_of
from environments.workspace import Workspace

BY_NAME = ("saas", "alerts", "dagster", "bi")  # what `labs up` takes beside labs
SERVICES = {
    "postgres": "environments.teaspoon:Postgres",
    "saas": "environments.saas.service:SimulatorService",
    "warehouse": "environments.stack.warehouses:WarehouseService",
    "alerts": "environments.alerts.service:AlertsService",
    "dagster": "environments.stack.dagster_service:DagsterService",
    "bi": "environments.bi.service:BiService",
}


@dataclass(frozen=True)
class Status:
    """What a service is doing, for a person and for a program."""

    service: str
    state: str  # running | stopped | killed | not built
    where: str
    next: str = ""  # what to type where it was killed or stopped

    as_dict = asdict

    def line(self) -> str:
        return f"{self.service:14} {self.state:10} {self.where:16} {self.next and f'type: {self.next}'}".rstrip()


def starts(name: str) -> str:
    """The command that brings a service up: by the first lab that needs it, or where one can, by its own name."""
    return "labs up " + (name if name in BY_NAME else next(lab.number for lab in labs() if name in lab.services))


def service(name: str, workspace: Workspace):
    return _class(name)(workspace)


def _class(name: str) -> type:
    module, cls = SERVICES[name].split(":")
    return getattr(import_module(module), cls)


def grading_needs(names: list[str]) -> GradingNeeds:
    """What grading needs of these services."""
    return all_of(_class(name).grading for name in names)


def up(chosen: list[Lab], workspace: Workspace, **asked: dict) -> list[str]:
    """Start what these labs need, and the services `asked` for by name,
    with what their `up` is told; what was done, a line each."""
    for name in _needed(chosen, asked):
        if install := getattr(_class(name), "install", None):
            install()  # without the lock: it may take minutes
    with named(), workspace.lock():
        return [line for name in _needed(chosen, asked) for line in service(name, workspace).up(**asked.get(name, {}))]


def places(chosen: list[Lab], workspace: Workspace, **asked: dict) -> dict[str, dict]:
    """By name, what runs of these, and how to reach it."""
    return {
        name: place for needed in _needed(chosen, asked) for name, place in service(needed, workspace).places().items()
    }


def _needed(chosen: list[Lab], asked: dict) -> list[str]:
    return [name for name in SERVICES if name in asked or any(name in lab.services for lab in chosen)]


def down(workspace: Workspace) -> list[str]:
    """Stop every service of the workspace. Nothing of it runs afterwards."""
    with workspace.lock():
        return [line for name in SERVICES for line in service(name, workspace).down()]


def status(workspace: Workspace) -> list:
    return [state for name in SERVICES for state in service(name, workspace).status()]


def reset(workspace: Workspace) -> None:
    """Stop everything and remove the workspace's whole state: worlds, passwords, ports, templates."""
    from environments.embedded import home

    with workspace.lock():
        for name in SERVICES:
            service(name, workspace).reset()
        shutil.rmtree(home(workspace.root), ignore_errors=True)
        shutil.rmtree(workspace.root, ignore_errors=True)
