"""All services of a workspace: bring up what a lab needs, look, take down, start over.

A service is a class with `up`, `down`, `status` and `reset`, made from a workspace; it is imported where it is used.
One command at a time changes a workspace: it holds the workspace's lock from before the service is made.
"""

import shutil
from dataclasses import asdict, dataclass
from importlib import import_module

from environments.course import Lab
from environments.workspace import Workspace

SERVICES = {"postgres": "environments.teaspoon:Postgres", "saas": "environments.saas.service:SaaS"}


@dataclass(frozen=True)
class Status:
    """What a service is doing, for a person and for a program."""

    service: str
    state: str  # running | stopped | killed | not built
    where: str

    as_dict = asdict


def service(name: str, workspace: Workspace):
    module, cls = SERVICES[name].split(":")
    return getattr(import_module(module), cls)(workspace)


def up(labs: list[Lab], workspace: Workspace, **asked: dict) -> list[str]:
    """Start what these labs need, and the services `asked` for by name, with what their `up` is told; what was done, a line each."""
    names = {name for one in labs for name in one.services} | set(asked)
    with workspace.lock():
        return [line for name in SERVICES if name in names for line in service(name, workspace).up(**asked.get(name, {}))]


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
