"""A running Superset from a notebook: its pages, and its REST API.

    tool.ask("POST", "/database/", {"database_name": "marts", "sqlalchemy_uri": ...})
    tool.ask("GET", "/chart/", q="(page_size:100)")
    files = tool.files()                           # everything it has, as YAML texts to put under version control
    tool.put_files(files)                          # the same in another Superset, or again in this one
"""

import http.client
import io
import json
import re
import secrets
import urllib.parse
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
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
        asked = f"/api/v1{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
        return self._send(method, asked, value, self._authorized())

    def files(self) -> dict[str, str]:
        """Its databases, datasets, charts and dashboards: by path, such as charts/MRR.yaml, their YAML, the same
        until one of them changes. A database's password is not in it."""
        status, packed = self._send("GET", "/api/v1/assets/export/", None, self._authorized())
        if status != 200 or not isinstance(packed, bytes):
            raise LabsError(f"Superset answered {status} to an export: {_why(packed)}", "")
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            return steady({"/".join(PurePosixPath(name).parts[1:]): archive.read(name).decode()
                           for name in archive.namelist()})

    def put_files(self, files: Mapping[str, str]) -> None:
        """Make what these files say, or change what has the same uuid. LabsError where Superset refuses one: then
        nothing has changed."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, text in files.items():
                archive.writestr(f"assets/{name}", text)
        content_type, form = _form("bundle", "assets.zip", packed.getvalue())
        status, told = self._send("POST", "/api/v1/assets/import/", form,
                                  self._authorized() | {"Content-Type": content_type})
        if status != 200:
            raise LabsError(f"Superset answered {status} to an import: {_why(told)}", "")

    def answers(self) -> bool:
        """Whether it is ready."""
        try:
            return self._send("GET", "/health", None, {})[0] == 200
        except LabsError:
            return False

    def _authorized(self) -> dict[str, str]:
        self._token = self._token or self._login()
        return {"Authorization": f"Bearer {self._token}"}

    def _login(self) -> str:
        asked = {"username": self.user, "password": self.password, "provider": "db"}
        status, told = self._send("POST", "/api/v1/security/login", asked, {})
        if status == 401:
            raise LabsError(f"Superset does not let {self.user} in: the name or the password is wrong.", "")
        if status != 200:
            raise LabsError(f"Superset answered {status} to the login: {_why(told)}", "")
        return told["access_token"]

    def _send(self, method: str, path: str, value: Any, headers: dict[str, str]) -> tuple[int, Any]:
        """The status, and what was answered: JSON's values, a text, or the bytes of an archive."""
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=TIMEOUT_S)
        try:
            body = value if value is None or isinstance(value, bytes) else json.dumps(value)
            connection.request(method, self.path + path, body, {"Content-Type": "application/json"} | headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            raise LabsError("Superset does not answer.", f"Type in a terminal: {starts('bi')}") from None
        finally:
            connection.close()
        if answer.headers.get_content_type() == "application/zip":
            return answer.status, said
        try:
            return answer.status, json.loads(said)
        except ValueError:
            return answer.status, said.decode(errors="replace")


def steady(files: Mapping[str, str]) -> dict[str, str]:
    """Without what differs from one Superset, or one export, to the next: numbers in names, and the time."""
    kept: dict[str, str] = {}
    for name, text in sorted(files.items()):
        short = re.sub(r"_\d+(?=\.yaml$)", "", name)
        kept[name if short in kept else short] = text
    if "metadata.yaml" in kept:
        kept["metadata.yaml"] = re.sub(r"^timestamp:.*\n", "", kept["metadata.yaml"], flags=re.MULTILINE)
    return kept


def _form(field: str, filename: str, content: bytes) -> tuple[str, bytes]:
    """A file as a browser's form sends it: its content type, and its body."""
    boundary = secrets.token_hex(16)
    head = (f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{filename}"\r\n'
            "Content-Type: application/zip\r\n\r\n")
    return f"multipart/form-data; boundary={boundary}", head.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def _why(told: Any) -> str:
    """The reason in an answer, on one line of at most 300 characters."""
    said = told.get("message") or told.get("errors") or told if isinstance(told, dict) else told
    return " ".join(str(said).split())[:300]
