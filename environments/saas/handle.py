"""The simulator from a client's side: where its APIs are, what opens them, and the faults they suffer.

world = saas()                                # attach to the workspace's simulator; start it where it is not running
world.stripe.base_url, world.stripe.credentials["api_key"]
with world.stripe.inject(RATE_LIMITED) as hits:
    sync()
hits.count, [request["status"] for request in hits.requests]
"""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from environments.errors import LabsError
from environments.saas.app import LOOPBACK
from environments.saas.fault import Fault
from environments.services import starts

TIMEOUT_S = 60  # seconds that the admin route may take, which it does in no time unless this machine is very busy
SLOW = (f"the SaaS simulator runs, but did not answer within {TIMEOUT_S} s: this machine is busy. Run this again.\n"
        "If that does not help, run `labs down` and `labs up saas` in a terminal.")


class SimulatorClient:
    """A running simulator, known by the port of each API and of its back door. `ports` has "admin" beside the APIs."""

    def __init__(self, ports: dict[str, int], admin_key: str):
        self._back = BackDoor(ports["admin"], admin_key)
        self.apis = {
            name: Handle(name, f"http://{LOOPBACK}:{port}", self._back)
            for name, port in ports.items()
            if name != "admin"
        }

    def __getattr__(self, name: str) -> "Handle":
        """`saas.stripe`, `saas.mixpanel`, `saas.amplitude`."""
        try:
            return self.__dict__["apis"][name]
        except KeyError:
            raise AttributeError(
                f"no API is called {name}; there are {', '.join(self.__dict__.get('apis', ()))}"
            ) from None

    def as_dict(self) -> dict[str, dict[str, str]]:
        """By API: `base_url` and what opens it, as `labs up saas --json` prints them."""
        credentials = self._back.ask("GET", "/_admin/credentials")
        return {name: {"base_url": api.base_url} | credentials[name] for name, api in self.apis.items()}

    def answers(self) -> bool:
        """Whether every API answers. It is asked from inside, so that no request is counted."""
        return len(self._back.ask("GET", "/_admin/ready")) == len(self.apis)

    def reset(self) -> None:
        """End every fault, and forget every write: the world as it was generated."""
        self._back.ask("DELETE", "/_admin")


@dataclass
class Hits:
    """What happened in a block of faults; it stays readable afterwards."""

    _look: "Handle"
    _ids: list[int]
    _after: int
    _count: int | None = None
    _requests: list[dict] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many requests the faults have hit; one that two faults hit counts twice."""
        return self._look._hits(self._ids) if self._count is None else self._count

    @property
    def requests(self) -> list[dict]:
        """The requests of this API since the block began, oldest first:
        seq, method, path, query, at, key, faults, status, took."""
        return self._look.requests(self._after) if self._count is None else self._requests

    def _close(self, count: int) -> None:
        self._requests = self.requests
        self._count = count


class Handle:
    """One API, from outside."""

    def __init__(self, name: str, base_url: str, back: "BackDoor"):
        self.name, self.base_url, self._back = name, base_url, back

    def __repr__(self) -> str:
        return f"<{self.name} on {self.base_url}>"

    @property
    def credentials(self) -> dict[str, str]:
        """What opens the API at this moment: while a key is rotated, the new one."""
        return self._back.ask("GET", "/_admin/credentials")[self.name]

    @contextmanager
    def inject(self, *faults: Fault) -> Iterator[Hits]:
        """These faults happen to the API until the block ends, however it ends."""
        with self._back.holding([_of(self.name, fault).as_dict() for fault in faults]) as begun:
            hits = Hits(self, begun["ids"], begun["after"])
            try:
                yield hits
            finally:
                hits._close(self._end(begun["ids"]))

    def requests(self, after: int = 0) -> list[dict]:
        """The latest 10,000 requests to this API at most, oldest first, those with a greater `seq` than `after`."""
        return self._back.ask("GET", "/_admin/requests?" + urlencode({"api": self.name, "after": after}))

    def _hits(self, ids: list[int]) -> int:
        return sum(active["hits"] for active in self._back.ask("GET", "/_admin/faults") if active["id"] in ids)

    def _end(self, ids: list[int]) -> int:
        """End these; their hits. Without any: 0, the number of no fault, as no number would mean all."""
        return sum(
            ended["hits"] for ended in self._back.ask("DELETE", "/_admin/faults/" + ",".join(map(str, ids or [0])))
        )


class BackDoor:
    """The admin route of one simulator."""

    def __init__(self, port: int, key: str):
        self._port, self._headers = port, {"Authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str):
        """What the admin route answers. LabsError where the simulator does not run."""
        with self._asked(method, path) as answer:
            return _read(answer)

    @contextmanager
    def holding(self, faults: list[dict]) -> Iterator[dict]:
        """The faults go on while this connection is open; the operating system closes it when its owner dies."""
        with self._asked("POST", "/_admin/faults", json.dumps({"faults": faults})) as answer:
            yield _read(answer, answer.readline)

    @contextmanager
    def _asked(self, method: str, path: str, body: str | None = None) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, body, self._headers)
            answer = connection.getresponse()
        except TimeoutError:
            connection.close()
            raise LabsError(SLOW) from None
        except OSError:
            connection.close()
            raise LabsError("the SaaS simulator does not answer.", f"Type in a terminal: {starts('saas')}") from None
        try:
            yield answer
        finally:
            answer.close()
            connection.close()


def _read(answer: http.client.HTTPResponse, read=None):
    """The JSON of an answer; `read` where it goes on after that."""
    try:
        value = json.loads((read if read and answer.status == 200 else answer.read)())
    except TimeoutError:
        raise LabsError(SLOW) from None
    if answer.status != 200:
        raise LabsError(f"the SaaS simulator refused: {value.get('error', value)}")
    return value


def _of(name: str, fault: Fault) -> Fault:
    if fault.api != name:
        raise LabsError(f"the fault {fault.name} is one of {fault.api}'s: say {fault.api}.inject({fault.name.upper()})")
    return fault
