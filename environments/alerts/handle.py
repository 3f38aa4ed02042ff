"""The inbox from a notebook or a pipeline: where to post, with which token, and what has arrived.

inbox = alerts()                              # attach to the workspace's inbox; start it where it is not running
requests.post(inbox.url, json={...}, headers={"Authorization": f"Bearer {inbox.token}"}, timeout=5)
inbox.incidents()                             # a frame with one row per incident
with inbox.refusing(503):
    ...                                       # the channel is broken
"""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from environments.alerts.alert import LENGTHS
from environments.errors import LabsError
from environments.pages import proxied
from environments.saas.app import LOOPBACK
from environments.services import starts

if TYPE_CHECKING:
    import pandas as pd

TIMEOUT_S = 60
ALERTS = ("at", *LENGTHS)
INCIDENTS = ("number", "key", "status", "severity", "what", "owner", "since", "first", "last", "count", "run_url",
             "first_step")
HEARTBEATS = ("watcher", "every", "last", "overdue")


class InboxClient:
    """A running inbox, known by its port and token."""

    def __init__(self, port: int, token: str):
        self._port, self.token = port, token
        self.url = f"http://{LOOPBACK}:{port}/alerts"
        self.heartbeat_url = f"http://{LOOPBACK}:{port}/heartbeats"
        self.page = f"http://{LOOPBACK}:{port}/?key={token}"

    def __repr__(self) -> str:
        return f"<alerts inbox on {self.url}>"

    def _repr_html_(self) -> str:
        """A link to the page, through JupyterLab: on a hub no other port can be reached."""
        return f'<a href="{proxied(self._port)}?key={self.token}" target="_blank">Open the alerts inbox</a>'

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("url", "token", "heartbeat_url", "page")}

    def alerts(self) -> "pd.DataFrame":
        """Every alert, oldest first; `at` is when it arrived (UTC)."""
        return _frame(self.ask("GET", "/alerts"), ALERTS, "at")

    def incidents(self) -> "pd.DataFrame":
        """One row per incident, oldest first; `first` and `last` are when alerts about it arrived (UTC)."""
        return _frame(self.ask("GET", "/incidents"), INCIDENTS, "first", "last")

    def heartbeats(self) -> "pd.DataFrame":
        """One row per watcher: when it was `last` heard of, and whether it is `overdue`."""
        return _frame(self.ask("GET", "/heartbeats"), HEARTBEATS, "last")

    def refuse(self, status: int = 503) -> None:
        """Break the channel: until `accept`, every post is answered with this HTTP status."""
        self.ask("PUT", "/channel", {"refuse": status})

    def accept(self) -> None:
        """The channel works again."""
        self.ask("PUT", "/channel", {"refuse": None})

    @contextmanager
    def refusing(self, status: int = 503) -> Iterator[None]:
        """The channel is broken until the block ends."""
        self.refuse(status)
        try:
            yield
        finally:
            self.accept()

    def clear(self) -> None:
        """Forget every alert and heartbeat."""
        self.ask("DELETE", "/alerts")

    def ask(self, method: str, path: str, value: dict | None = None):
        """What the inbox answers. LabsError where it does not, or refuses."""
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=TIMEOUT_S)
        try:
            body = None if value is None else json.dumps(value)
            connection.request(method, path, body, {"Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            told = json.loads(answer.read())
        except (OSError, ValueError, http.client.HTTPException):
            raise LabsError("the alerts inbox does not answer.", f"Type in a terminal: {starts('alerts')}") from None
        finally:
            connection.close()
        if answer.status >= 400:
            raise LabsError(f"the alerts inbox refused: {told.get('error', told)}", "")
        return told


def _frame(rows: list[dict], columns: tuple[str, ...], *moments: str) -> "pd.DataFrame":
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(columns))
    for name in moments:
        frame[name] = pd.to_datetime(frame[name], unit="s", utc=True)
    return frame
