"""A running Superset from a notebook: its pages, and its REST API.

    tool.ask("POST", "/database/", {"database_name": "marts", "sqlalchemy_uri": ...})
    tool.ask("GET", "/chart/", q="(page_size:100)")
"""

import http.client
import json
import urllib.parse
from typing import Any

from environments.errors import LabsError
from environments.saas.app import LOOPBACK
from environments.services import starts

TIMEOUT_S = 60


class BiClient:
    """Superset as one of its users sees it. `path` is where its pages are below JupyterLab's own address."""

    def __init__(self, port: int, path: str, user: str, password: str):
        self._port, self.path, self.user, self.password = port, path.rstrip("/"), user, password
        self.url = f"http://{LOOPBACK}:{port}{self.path}"
        self._token = ""

    def __repr__(self) -> str:
        return f"<Superset on {self.url} as {self.user}>"

    def _repr_html_(self) -> str:
        return (f'<a href="{self.path}/login/" target="_blank">Open Superset</a> '
                f"as <code>{self.user}</code>, password <code>{self.password}</code>")

    def as_dict(self) -> dict[str, str]:
        return {"url": self.url, "user": self.user, "password": self.password}

    def as_user(self, user: str, password: str) -> "BiClient":
        """The same Superset for somebody else."""
        return BiClient(self._port, self.path, user, password)

    def ask(self, method: str, path: str, value: Any = None, **query: str) -> Any:
        """What its API answers, below /api/v1, as a dict. LabsError where it does not answer, or refuses."""
        status, told = self.attempt(method, path, value, **query)
        if status >= 400:
            raise LabsError(f"Superset answered {status} to {method} {path}: {_why(told)}", "")
        return told

    def attempt(self, method: str, path: str, value: Any = None, **query: str) -> tuple[int, Any]:
        """The status of an answer, and what it says: a refusal, too. LabsError where it does not answer."""
        self._token = self._token or self._login()
        asked = f"/api/v1{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
        return self._send(method, asked, value, {"Authorization": f"Bearer {self._token}"})

    def answers(self) -> bool:
        """Whether it is ready."""
        try:
            return self._send("GET", "/health", None, {})[0] == 200
        except LabsError:
            return False

    def _login(self) -> str:
        asked = {"username": self.user, "password": self.password, "provider": "db"}
        status, told = self._send("POST", "/api/v1/security/login", asked, {})
        if status == 401:
            raise LabsError(f"Superset does not let {self.user} in: the name or the password is wrong.", "")
        if status != 200:
            raise LabsError(f"Superset answered {status} to the login: {_why(told)}", "")
        return told["access_token"]

    def _send(self, method: str, path: str, value: Any, headers: dict[str, str]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=TIMEOUT_S)
        try:
            body = None if value is None else json.dumps(value)
            connection.request(method, self.path + path, body, headers | {"Content-Type": "application/json"})
            answer = connection.getresponse()
            said = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            raise LabsError("Superset does not answer.", f"Type in a terminal: {starts('bi')}") from None
        finally:
            connection.close()
        try:
            return answer.status, json.loads(said)
        except ValueError:
            return answer.status, said


def _why(told: Any) -> str:
    """The reason in an answer, on one line of at most 300 characters."""
    said = told.get("message") or told.get("errors") or told if isinstance(told, dict) else told
    return " ".join(str(said).split())[:300]
