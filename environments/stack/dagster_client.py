"""A running Dagster from a notebook: where its pages are, and what it says of itself.

ui = dagster("pipeline.py")                    # attach; start what is not running, load what has changed
ui                                             # a link to its pages, through JupyterLab
ui.ask("{ runsOrError { ... on Runs { results { status } } } }")
"""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from environments.errors import LabsError
from environments.saas.app import LOOPBACK
from environments.services import starts

TIMEOUT_S = 60
LOADED = """{ workspaceOrError { __typename ... on Workspace { locationEntries { loadStatus
  locationOrLoadError { __typename ... on PythonError { message className cause { message } } } } } } }"""
RELOAD = "mutation($location: String!) { reloadRepositoryLocation(repositoryLocationName: $location) { __typename } }"
UNREACHABLE = "DagsterUserCodeUnreachableError"


class DagsterClient:
    """`path` is where its pages are below JupyterLab's own address; `home` is DAGSTER_HOME."""

    def __init__(self, port: int, path: str, home: Path):
        self.path, self.home = path, home
        self.url = f"http://{LOOPBACK}:{port}{path}"

    def __repr__(self) -> str:
        return f"<Dagster on {self.url}>"

    def _repr_html_(self) -> str:
        return f'<a href="{self.path}" target="_blank">Open Dagster</a>'

    def as_dict(self) -> dict[str, str]:
        return {"url": self.url, "path": self.path, "home": str(self.home)}

    def ask(self, query: str, **variables) -> dict:
        """The data of a GraphQL answer. LabsError where Dagster does not answer, or the query makes no sense."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}graphql", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as e:
            raise LabsError(f"Dagster refused: {e.read(500).decode(errors='replace')}", "") from None
        except (OSError, ValueError):
            raise LabsError("Dagster does not answer.", f"Type in a terminal: {starts('dagster')}") from None
        if told.get("errors"):
            raise LabsError(f"Dagster refused: {told['errors'][0]['message']}", "")
        return told["data"]

    def definitions(self) -> "DefinitionsState":
        """Whether the code server has loaded them. LabsError where the pages do not answer."""
        entries = self.ask(LOADED)["workspaceOrError"].get("locationEntries")
        if not entries or entries[0]["loadStatus"] == "LOADING":
            return DefinitionsState("loading")
        told = entries[0]["locationOrLoadError"]
        if told["__typename"] != "PythonError":
            return DefinitionsState("loaded")
        if told["className"] == UNREACHABLE:
            return DefinitionsState("unreachable")
        return DefinitionsState("failed", (told["cause"] or told)["message"].strip())

    def reload(self, location: str) -> None:
        """Have the pages ask the code server again."""
        self.ask(RELOAD, location=location)


@dataclass(frozen=True)
class DefinitionsState:
    """loading | unreachable | loaded | failed, with the error of what failed."""

    state: str
    error: str = ""
