"""The middleware that makes faults happen to an API, and the book that says which, how often, and what was asked."""

import asyncio
import sys
import time
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from itertools import count

from environments.saas.asgi import Api, credentials
from environments.saas.fault import Fault
from environments.saas.hosting import size_of

KEPT = 10_000           # requests that are remembered
LARGEST_HEAD = 65_536   # bytes of header lines that an API reads,
LARGEST_BODY = 2**23    # and of a body: limits of this simulator's own


@dataclass
class Request:
    """One request as the book keeps it.
    `at` is Unix seconds to the millisecond or finer; `status` None: no answer came."""

    seq: int
    api: str
    method: str
    path: str
    query: str
    at: float
    key: str  # the last four characters of the credentials
    faults: list[str] = field(default_factory=list)
    status: int | None = None
    took: float | None = None  # seconds until the answer was whole

    as_dict = asdict


@dataclass
class Active:
    """A fault that is going on: how many requests it has met, and how many of those it has hit."""

    id: int
    fault: Fault
    met: int = 0
    hits: int = 0

    def strikes(self, api: str, route: str, said: str) -> bool:
        """Whether this request is hit; it is counted."""
        fault = self.fault
        if fault.api != api or not fnmatchcase(route, fault.route) or (fault.key and fault.key not in said):
            return False
        self.met += 1
        hit = self.met > fault.skip and (fault.times is None or self.hits < fault.times)
        self.hits += hit
        return hit

    def as_dict(self) -> dict:
        return {"id": self.id, "hits": self.hits, "fault": self.fault.as_dict()}


class FaultLog:
    """The faults that are going on, and the latest requests.
    One for all APIs of a simulator; used from its loop alone."""

    def __init__(self):
        self.active: dict[int, Active] = {}
        self.requests: deque[Request] = deque(maxlen=KEPT)
        self._ids, self._seqs = count(1), count(1)
        self._clock = time.time() - time.monotonic()  # so that waits between requests are true when the clock is set
        self.last = 0

    def start(self, faults: list[Fault]) -> list[int]:
        ids = [next(self._ids) for _ in faults]
        self.active.update((id, Active(id, fault)) for id, fault in zip(ids, faults, strict=True))
        return ids

    def end(self, ids: list[int] | None = None) -> list[Active]:
        """End these faults, or all; those that were going on."""
        return [self.active.pop(id) for id in (list(self.active) if ids is None else ids) if id in self.active]

    def opened(self, api: str, scope) -> Request:
        """Write down a request as it comes in."""
        self.last = next(self._seqs)
        request = Request(self.last, api, scope["method"], scope["path"], scope["query_string"].decode("latin-1"),
                          self._clock + time.monotonic(), credentials(scope)[-4:])
        self.requests.append(request)
        return request

    def closed(self, request: Request) -> None:
        request.took = self._clock + time.monotonic() - request.at

    def striking(self, request: Request, scope) -> Iterator[Active]:
        route, said = f"{request.method} {request.path}", credentials(scope)
        return (active for active in list(self.active.values()) if active.strikes(request.api, route, said))


class Faulty:
    """An API as clients meet it: with the faults that are going on, and never without an answer in its own words."""

    def __init__(self, api: Api, book: FaultLog):
        self.api = api
        self.book = book
        api.outgoing = self.outgoing

    async def __call__(self, scope, receive, send):
        request = self.book.opened(self.api.name, scope)
        guard = _Guard(request, receive, send)
        try:
            await self._with_faults(request, scope)(scope, guard.receive, guard.send)
        except TooLarge:
            await self.refusal(413, f"The body is larger than {LARGEST_BODY:,} bytes.")(scope, receive, guard.send)
        except asyncio.CancelledError:
            pass  # the server stops: the connection is closed already, and there is nobody to answer
        except Exception:
            traceback.print_exc(file=sys.stderr)
            if request.status is None:
                await self.refusal(500, "An unknown error occurred.")(scope, receive, guard.send)
        finally:
            self.book.closed(request)

    def refusal(self, status: int, message: str):
        """A failure that the API itself did not see, in its own envelope."""
        return self.api.error(status, None, message)

    def outgoing(self, app, name: str):
        """What the API sends of its own accord, such as the webhook of an event:
        to faults its route is `WEBHOOK` and a name."""
        request = Request(0, self.api.name, "WEBHOOK", name, "", 0, "")
        return self._wrapped(app, self.book.striking(request, {"headers": []}))

    def _with_faults(self, request: Request, scope):
        if sum(size_of(*header) for header in scope["headers"]) > LARGEST_HEAD:
            return self.refusal(431, f"The headers are larger than {LARGEST_HEAD:,} bytes.")
        striking = list(self.book.striking(request, scope))
        request.faults = [active.fault.name for active in striking]
        return self._wrapped(self.api.app, striking)

    def _wrapped(self, app, striking):
        for active in reversed(list(striking)):
            for effect in reversed(active.fault.effects):
                app = effect.wrap(app, self.api, active.hits)
        return app


class TooLarge(BaseException):
    """A body that nobody will read. No Exception: the API in between must not take it for a failure of its own."""


class _Guard:
    """What passes between an API and its client: the status is noted, a body without end is not read."""

    def __init__(self, request: Request, receive, send):
        self.request, self._receive, self._send = request, receive, send
        self.read = 0

    async def receive(self):
        message = await self._receive()
        self.read += len(message.get("body", b""))
        if self.read > LARGEST_BODY:
            await self._drain(message)
            raise TooLarge
        return message

    async def _drain(self, message) -> None:
        """Read on without keeping anything: a client that is still sending would not look at our answer."""
        while message["type"] == "http.request" and message.get("more_body") and self.read < 32 * LARGEST_BODY:
            message = await self._receive()
            self.read += len(message.get("body", b""))

    async def send(self, message) -> None:
        if message["type"] == "http.response.start":
            self.request.status = message["status"]
        await self._send(message)
