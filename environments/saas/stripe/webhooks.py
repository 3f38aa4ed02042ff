"""Events on their way to the webhook endpoints that were registered: signed, tried again, never in the way of the API.

https://docs.stripe.com/webhooks, as summarized in
https://dev.to/shannonllc/stripe-webhooks-retries-ordering-duplicates-timeouts-and-ips-46f0, read on 2026-11-30: a
sandbox tries again three times over a few hours, here over some seconds; any 2xx is taken as delivered; no order is
promised, and an event may come twice. What has been delivered stands in the log, so a simulator that was killed goes on
where it was.
"""

import asyncio
import contextlib
import hmac
import time
from hashlib import sha256
from urllib.parse import urlsplit

from environments.saas.app import State
from environments.saas.asgi import Api, answered
from environments.saas.stripe.store import Store

RETRIES = (1, 3, 9)  # seconds before each
TIMEOUT_S = 10       # for an attempt
AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"


def secret(state: State, endpoint: str) -> str:
    """What an endpoint's events are signed with: the same however often the simulator starts, and never in the log."""
    return "whsec_" + hmac.new(state.keys.stripe.encode(), endpoint.encode(), sha256).hexdigest()[:32]


def signature(key: str, payload: bytes, at: int) -> str:
    """The `Stripe-Signature` of a payload that is sent at a moment, as stripe-python 16.1 verifies it."""
    return f"t={at},v1={hmac.new(key.encode(), b'%d.' % at + payload, sha256).hexdigest()}"


class Webhooks:
    """One task for each event and endpoint. An endpoint gets one request at a time, in order unless some fail."""

    def __init__(self, store: Store, api: Api):
        self.store, self.state, self.api = store, store.state, api
        self._tasks: dict[tuple[int, str], asyncio.Task] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    def send(self) -> None:
        """Begin with every delivery that is due and has not begun; without a running loop, nothing."""
        with contextlib.suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            for position, due in self.store.undelivered.items():
                for endpoint, open in due.items():
                    if open and (position, endpoint) not in self._tasks:
                        self._tasks[position, endpoint] = loop.create_task(self._deliver(position, endpoint))

    def stop(self) -> None:
        """Nothing more is sent."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    async def _deliver(self, position: int, endpoint: str) -> None:
        for wait in (0, *RETRIES):
            await asyncio.sleep(wait)
            if not self._is_open(position, endpoint):
                break
            if await self._attempt(position, endpoint):
                self._note(position, endpoint, True)
                break
        else:
            self._note(position, endpoint, False)
        self._tasks.pop((position, endpoint), None)

    def _is_open(self, position: int, endpoint: str) -> bool:
        """Whether it is still to be tried: the endpoint may have been deleted or disabled in the meantime."""
        due = self.store.undelivered.get(position, {})
        return due.get(endpoint, False) and self.store.values[endpoint]["status"] == "enabled"

    def _note(self, position: int, endpoint: str, delivered: bool) -> None:
        if self._is_open(position, endpoint):
            told = {"position": position, "endpoint": endpoint, "delivered": delivered}
            self.store.replay(self.state.log.append("stripe", {"changes": [], "delivery": told}))

    async def _attempt(self, position: int, endpoint: str) -> bool:
        """Whether the endpoint took the event, under the faults that strike `WEBHOOK customer.created` and the like."""
        async def post(scope, receive, send):
            async with self._turns.setdefault(endpoint, asyncio.Lock()):
                url = self.store.values[endpoint]["url"]
                status = await _posted(url, payload, secret(self.state, endpoint))
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        payload = self.store.event_bytes(position)
        app = self.api.outgoing(post, self.store.log[position].event)
        try:
            return 200 <= (await answered(app, {"headers": [], "extensions": {}}, None)).status < 300
        except (OSError, TimeoutError, ValueError):
            return False


async def _posted(url: str, payload: bytes, key: str) -> int:
    """The status that a receiver answers with. OSError, TimeoutError or ValueError if it does not, or not in HTTP."""
    async with asyncio.timeout(TIMEOUT_S):
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
        try:
            writer.write(_request(parts, payload, key))
            await writer.drain()
            status = int((await reader.readline()).split()[1])
            with contextlib.suppress(TimeoutError, OSError):
                # Let it finish: not all receivers bear it when nobody listens to the end.
                async with asyncio.timeout(1):
                    while await reader.read(65_536):
                        pass
            return status
        except IndexError:
            raise ValueError("no HTTP") from None
        finally:
            writer.close()


def _request(parts, payload: bytes, key: str) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = (f"POST {target} HTTP/1.1", f"Host: {parts.netloc}", f"User-Agent: {AGENT}", "Accept: */*",
            "Content-Type: application/json; charset=utf-8", f"Content-Length: {len(payload)}",
            f"Stripe-Signature: {signature(key, payload, int(time.time()))}", "Connection: close", "", "")
    return "\r\n".join(head).encode("latin-1", "replace") + payload
