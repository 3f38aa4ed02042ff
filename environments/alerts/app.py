"""The inbox over HTTP. All but the page's own address takes the token as `Authorization: Bearer TOKEN`.

    GET    /?key=TOKEN     the page (`token` would be taken for JupyterLab's own)
    POST   /alerts         an alert: key, status, severity, what, since, owner, run_url, first_step
    GET    /alerts         all of them, oldest first
    DELETE /alerts         forget all
    GET    /incidents      one an incident
    POST   /heartbeats     {"watcher": "sensors", "every": 60}
    GET    /heartbeats     the latest of each watcher
    PUT    /channel        {"refuse": 503}: refuse whatever is posted; {"refuse": null}: accept it again
    GET    /ready          the process id of who answers
"""

import hmac
import os
from collections.abc import Callable

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from environments.alerts.alert import MAX_BYTES, Refused, alert, heartbeat, refusal
from environments.alerts.inbox import Inbox
from environments.alerts.page import POLICY, page

SAFE = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store"}


class InboxApp:
    """The application of one inbox, for who knows its token."""

    def __init__(self, inbox: Inbox, token: str):
        self.inbox, self._token = inbox, token.encode()
        self._app = Starlette(
            routes=[
                Route("/", self.page, methods=["GET"]),
                Route("/alerts", self.post, methods=["POST"]),
                Route("/alerts", _reading(self.inbox.alerts), methods=["GET"]),
                Route("/alerts", self.clear, methods=["DELETE"]),
                Route("/incidents", _reading(self._incidents), methods=["GET"]),
                Route("/heartbeats", self.beat, methods=["POST"]),
                Route("/heartbeats", _reading(self.inbox.heartbeats), methods=["GET"]),
                Route("/channel", self.channel, methods=["PUT"]),
                Route("/ready", _reading(lambda: {"pid": os.getpid()}), methods=["GET"]),
            ],
            exception_handlers={Refused: _refused, HTTPException: _missing, OSError: _full, Exception: _failed},
        )

    async def __call__(self, scope, receive, send) -> None:
        request = Request(scope)
        if hmac.compare_digest(self._said(request), self._token):
            return await self._app(scope, receive, send)
        how = "open the address that `labs up alerts --json` prints" if scope["path"] == "/" else (
            "send the inbox's token as Authorization: Bearer TOKEN")
        await self.refusal(401, f"the token is missing, or another: {how}")(scope, receive, send)

    def refusal(self, status: int, message: str) -> Response:
        """What is no HTTP at all is refused in the same form."""
        return _json({"error": message}, status)

    def _said(self, request: Request) -> bytes:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return token.encode()
        return request.query_params.get("key", "").encode() if request.url.path == "/" else b""

    async def page(self, request: Request) -> Response:
        return HTMLResponse(page(self.inbox), headers=SAFE)

    async def post(self, request: Request) -> Response:
        incident = self.inbox.post(alert(await _body(request)))
        return _json({"incident": incident.number, "count": incident.count}, 202)

    async def beat(self, request: Request) -> Response:
        watcher, every = heartbeat(await _body(request))
        return _json({"overdue_at": self.inbox.beat(watcher, every).last + 2 * every}, 202)

    async def channel(self, request: Request) -> Response:
        self.inbox.refuse(refusal(await _body(request)))
        return _json({"refuse": self.inbox.refuses})

    async def clear(self, request: Request) -> Response:
        self.inbox.clear()
        return _json({})

    def _incidents(self) -> list[dict]:
        return [incident.as_dict() for incident in self.inbox.incidents]


def _reading(read: Callable[[], object]):
    async def answer(request: Request) -> Response:
        return _json(read())

    return answer


async def _body(request: Request) -> bytes:
    """The body; nobody reads on where it is too large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BYTES:
            raise Refused(413, f"the body is larger than {MAX_BYTES:,} bytes")
    return body


def _json(value, status: int = 200, **headers: str) -> Response:
    return Response(orjson.dumps(value), status, headers=SAFE | headers, media_type="application/json")


async def _refused(request: Request, e: Exception) -> Response:
    assert isinstance(e, Refused)
    return _json(e.as_dict(), e.status, **({"Retry-After": "60"} if e.status == 429 else {}))


async def _missing(request: Request, e: Exception) -> Response:
    assert isinstance(e, HTTPException)
    return _json({"error": f"{request.method} {request.url.path[:200]}: {e.detail}"}, e.status_code)


async def _full(request: Request, e: Exception) -> Response:
    return _json({"error": "the disk takes no more: it was not taken"}, 507)


async def _failed(request: Request, e: Exception) -> Response:
    status = 400 if isinstance(e, ClientDisconnect) else 500
    return _json({"error": "an unknown error occurred"}, status)
