"""What Dagster is to serve in a workspace: whose definitions, and what their environment holds."""

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from environments.alerts.service import AlertsService
from environments.errors import LabsError
from environments.place import COURSE
from environments.saas.service import SimulatorService
from environments.workspace import Workspace


def is_path(definitions: str) -> bool:
    """Whether they are named by a file, not by a module."""
    return definitions.endswith(".py") or os.sep in definitions


@dataclass(frozen=True)
class Wanted:
    """The definitions to serve, a Python file or a module, and what their environment holds."""

    definitions: str
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def is_file(self) -> bool:
        return is_path(self.definitions)

    @property
    def folder(self) -> Path:
        """Where the definitions are loaded: what lies beside a file can be imported."""
        return Path(self.definitions).parent if self.is_file else COURSE

    @property
    def arguments(self) -> list[str]:
        return ["--python-file" if self.is_file else "--module-name", self.definitions]

    def sources(self) -> list[Path]:
        """The files that a change of the definitions is looked for in. LabsError where there are none."""
        if self.is_file:
            file = Path(self.definitions)
            if not file.is_file():
                raise LabsError(f"there is no file {file}.", "Name the one with your definitions: "
                                "labs up dagster --definitions FILE")
            return sorted(file.parent.glob("*.py"))
        with contextlib.suppress(ImportError, ValueError):
            if (spec := find_spec(self.definitions)) and spec.has_location and spec.origin:
                return sorted(Path(spec.origin).parent.rglob("*.py"))
        raise LabsError(f"there is no module {self.definitions}.",
                        "Name one that can be imported, or a file: labs up dagster --definitions FILE")

    def edition(self) -> str:
        """Changes with the definitions and their environment."""
        seen = hashlib.sha256(json.dumps([self.definitions, self.environment], sort_keys=True).encode())
        for file in self.sources():
            seen.update(file.read_bytes())
        return seen.hexdigest()


def addresses(workspace: Workspace) -> dict[str, str]:
    """How a pipeline reaches the services that run now: STRIPE_URL, STRIPE_API_KEY, ALERTS_URL, ALERTS_TOKEN ..."""
    found = {}
    for service in (SimulatorService(workspace), AlertsService(workspace)):
        if service.state() == "running":
            found |= {f"{place}_{name.removeprefix('base_')}".upper(): value
                      for place, values in service.places().items() for name, value in values.items()}
    return found
