"""Web pages that a lab has made, opened from its notebook: on a laptop, on a hub and on Binder.

    page("dbt_docs", project.docs())      # the last line of a cell shows a link to a copy of this HTML file

JupyterLab's own address leads to them: when the first page is opened, jupyter-server-proxy starts this module, of
which it has learnt by an entry point in pyproject.toml.
"""

import os
import sys
from dataclasses import dataclass
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from environments.workspace import Workspace

ADDRESS = "pages"  # below JupyterLab's own; the name of the entry point


def behind_jupyter() -> dict:
    """How jupyter-server-proxy starts the server of the pages."""
    return {"command": [sys.executable, "-m", "environments.pages", "{port}"], "timeout": 60,
            "launcher_entry": {"enabled": False}}


@dataclass(frozen=True)
class Page:
    """A page to open. A notebook shows it as a link."""

    file: Path
    place: str = ""  # on the page: what follows its #

    @property
    def address(self) -> str:
        """Where JupyterLab has it; on a hub below this user's own part of the address."""
        return f"{_jupyter()}{ADDRESS}/{self.file.name}" + (f"#{self.place}" if self.place else "")

    def at(self, place: str) -> "Page":
        """The same page, opened at a place on it."""
        return Page(self.file, place)

    def __repr__(self) -> str:
        return f"a page for the browser: {self.file.name}"

    def _repr_html_(self) -> str:
        name = escape(self.file.stem.replace("_", " "))
        return f'<a href="{escape(self.address)}" target="_blank" rel="noopener">Open {name} in a new tab</a>'


def page(name: str, html: Path | str) -> Page:
    """Keep a copy of an HTML file in the workspace under this name, in place of the one before."""
    folder = _folder()
    draft = folder / f".{name}.{os.getpid()}"
    draft.write_bytes(Path(html).read_bytes())
    draft.replace(folder / f"{name}.html")
    return Page(folder / f"{name}.html")


def proxied(port: int, whole: bool = False) -> str:
    """Where a page on this port is below JupyterLab's own address, behind jupyter-server-proxy.

    `whole` is for servers that are told the path they are under, and so get all of it.
    """
    return f"{_jupyter()}proxy/{'absolute/' if whole else ''}{port}/"


def _jupyter() -> str:
    """JupyterLab's own address on its server, with a slash at its end; on a hub each user has another."""
    return f"{os.environ.get('JUPYTERHUB_SERVICE_PREFIX', '').rstrip('/')}/"


def _folder() -> Path:
    folder = Workspace.here().root / "pages"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")  # a page that was made again has the same address
        super().end_headers()

    def log_message(self, format, *args) -> None:
        pass


class _Server(ThreadingHTTPServer):
    """Ends when JupyterLab does, also where that was killed."""

    def __init__(self, port: int):
        super().__init__(("127.0.0.1", port), partial(_Handler, directory=str(_folder())))
        self.parent = os.getppid()

    def service_actions(self) -> None:  # twice a second
        if os.getppid() != self.parent:
            sys.exit()


if __name__ == "__main__":
    _Server(int(sys.argv[1])).serve_forever()
