"""An API seen from inside its process: ask it without a socket, hold its answer, read and change its headers."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import orjson

from environments.saas.app import State

if TYPE_CHECKING:
    from starlette.applications import Starlette

SECRET = {"stripe": ("api_key",), "mixpanel": ("secret", "api_secret"), "amplitude": ("secret_key",)}
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answered:
    """An answer held whole."""

    status: int
    headers: Headers
    body: bytes

    def json(self):
        return orjson.loads(self.body)

    def with_body(self, body: bytes) -> "Answered":
        headers = without(self.headers, "content-length")
        return replace(self, headers=[*headers, (b"content-length", str(len(body)).encode())], body=body)

    async def start(self, send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})

    async def to(self, send) -> None:
        await self.start(send)
        await send({"type": "http.response.body", "body": self.body})


async def answered(app, scope, receive) -> Answered:
    """What an application answers, collected in memory."""
    start, parts = {}, []

    async def collect(message):
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, collect)
    return Answered(start["status"], list(start.get("headers", [])), b"".join(parts))


def without(headers: Headers, *names: str) -> Headers:
    """These headers, less those of these names."""
    gone = {name.lower().encode() for name in names}
    return [(name, value) for name, value in headers if name.lower() not in gone]


def header(scope, name: str) -> str:
    """The first header of this name, or nothing."""
    wanted = name.encode()
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == wanted), "")


class Api:
    """One API of the simulator: its application, how it says that something failed, and what opens it."""

    app: "Starlette"

    def __init__(self, name: str, module, state: State):
        self.name = name
        self.error = module.error
        self.state = state
        self._factory = module.api
        # How it sends something of its own accord, an application and a name;
        # faulty.Faulty puts it under the faults that go on.
        self.outgoing: Callable = lambda app, name: app
        self.rebuild()

    def rebuild(self) -> None:
        """Rebuild the application from the state: a fold over the generated world and the log as it now is."""
        if hasattr(self, "app"):
            getattr(self.app.state, "stop", lambda: None)()
        self.app = self._factory(self.state)
        self.app.state.api = self
        self.app.exception_handlers.setdefault(
            Exception, lambda request, e: self.error(500, None, "An unknown error occurred.")
        )

    def now(self) -> int:
        return self.state.clock.now()

    async def get(self, path: str, query: dict) -> Answered:
        return await self._ask("GET", path, urlencode(query).encode(), b"")

    async def post(self, path: str, form: dict) -> Answered:
        return await self._ask("POST", path, b"", urlencode(form).encode())

    async def _ask(self, method: str, path: str, query: bytes, body: bytes) -> Answered:
        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        headers = [
            (b"host", b"127.0.0.1"),
            (b"authorization", f"Bearer {self.state.keys.stripe}".encode()),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(body)).encode()),
        ]
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
                 "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query, "headers": headers,
                 "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "extensions": {}}
        return await answered(self.app, scope, receive)

    # Its keys, as requests carry them

    def secrets(self) -> list[str]:
        """What a vendor renews: the secret halves of what opens this API."""
        mine = self.state.keys.as_dict()[self.name]
        return [value for name, value in mine.items() if name in SECRET[self.name]]

    def secret_in(self, scope) -> str:
        """The last of the words in the Authorization header that is a secret, or looks like one."""
        words = credentials(scope).replace(":", " ").split()
        return words[-1] if words else ""

    def rekeyed(self, scope, renewed: Callable[[str], str]) -> dict | None:
        """The request as the API itself understands it, once its secrets are `renewed`.

        None where it brings an old one.
        """
        said = credentials(scope)
        if any(secret in said for secret in self.secrets()):
            return None
        old = said
        for secret in self.secrets():
            old = old.replace(renewed(secret), secret)
        return scope if old == said else scope | {"headers": _authorized(scope["headers"], old)}


def credentials(scope) -> str:
    """What the Authorization header says, Basic decoded: "Bearer sk_test_1" or "Basic user:password"."""
    scheme, _, rest = header(scope, "authorization").partition(" ")
    if scheme.lower() == "basic":
        try:
            rest = base64.b64decode(rest, validate=True).decode("latin-1")
        except (binascii.Error, ValueError):
            return ""
    return f"{scheme} {rest}" if rest else ""


def _authorized(headers: Headers, said: str) -> Headers:
    scheme, _, rest = said.partition(" ")
    sent = base64.b64encode(rest.encode("latin-1")).decode() if scheme.lower() == "basic" else rest
    return [*without(headers, "authorization"), (b"authorization", f"{scheme} {sent}".encode("latin-1"))]
