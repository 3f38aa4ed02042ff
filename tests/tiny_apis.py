"""Three APIs of the same form as the simulated ones, with next to nothing in them:
what the frame around them is tested with."""

import base64
import gzip
import io
import zipfile
from types import SimpleNamespace
from urllib.parse import parse_qsl

import orjson
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CHARGES, EVENTS = 40, 200
JUNE = 1_780_272_000  # 2026-06-01 00:00 UTC


def error(status: int, code: str | None, message: str, **more) -> Response:
    return JSONResponse({"error": {"message": message, "code": code} | more}, status)


def only_with(said, endpoint):
    """An endpoint that wants this Authorization header."""
    async def guarded(request):
        if request.headers.get("authorization") != said:
            return error(401, None, "Invalid API Key provided")
        return await endpoint(request)

    return guarded


async def missing(request, e):
    return error(e.status_code, None, f"Unrecognized request URL ({request.method}: {request.url.path}).")


def application(said: str, routes: dict) -> Starlette:
    return Starlette(exception_handlers={404: missing, 405: missing}, routes=[
        Route(path, only_with(said, endpoint), methods=[method])
        for (method, path), endpoint in routes.items()])


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


# Stripe: lists, newest first; customers and refunds are written to the log

class Billing:
    def __init__(self, state):
        self.state = state

    def charges(self) -> list[dict]:
        refunded = {entry["charge"] for entry in self.state.log.entries("stripe") if "charge" in entry}
        return [
            {
                "id": f"ch_{i:03}",
                "object": "charge",
                "amount": 100 + i,
                "amount_refunded": 0,
                "currency": "usd",
                "status": "succeeded",
                "refunded": f"ch_{i:03}" in refunded,
                "created": self.state.clock.moved(JUNE - i * 86_400 * 2),
            }
            for i in range(CHARGES)
        ]

    def customers(self) -> list[dict]:
        written = [
            {"id": f"cus_new{e['seq']}", "object": "customer", **e}
            for e in self.state.log.entries("stripe")
            if "name" in e
        ]
        return written[::-1] + [{"id": f"cus_{i}", "object": "customer", "name": "Old"} for i in range(30)]

    def subscriptions(self) -> list[dict]:
        return [{"id": "sub_1", "object": "subscription", "current_period_start": JUNE, "current_period_end": JUNE + 1}]

    def listed(self, objects):
        async def answer(request):
            try:
                return JSONResponse(page(objects(), request.url.path, request.query_params))
            except (ValueError, StopIteration) as e:
                return error(400, None, str(e))

        return answer

    async def write(self, request):
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        return JSONResponse(self.state.log.append("stripe", form))


def page(objects: list[dict], url: str, query) -> dict:
    """A page of a list. ValueError or StopIteration where the query is broken."""
    times = {name: number(query[name]) for name in query if name.startswith("created")}
    data = [o for o in objects if o.get("created", 0) < times.get("created[lt]", 2**62)]
    cursor = query.get("starting_after") or query.get("ending_before")
    start = next(i + 1 for i, o in enumerate(data) if o["id"] == cursor) if cursor else 0
    limit = number(query.get("limit", "10"))
    if not 1 <= limit <= 100:
        raise ValueError("limit is 1 to 100")
    return {"object": "list", "url": url, "has_more": start + limit < len(data), "data": data[start:start + limit]}


def number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise ValueError(f"no whole number: {text}")
    return int(text)


def billing(state) -> Starlette:
    b = Billing(state)
    return application(
        f"Bearer {state.keys.stripe}",
        {
            ("GET", "/v1/charges"): b.listed(b.charges),
            ("GET", "/v1/customers"): b.listed(b.customers),
            ("GET", "/v1/subscriptions"): b.listed(b.subscriptions),
            ("GET", "/v1/balance_transactions"): b.listed(lambda: []),
            ("POST", "/v1/customers"): b.write,
            ("POST", "/v1/refunds"): b.write,
        },
    )


# Mixpanel: JSON lines; Amplitude: a zip of gzipped JSON lines

def web(state) -> Starlette:
    lines = b"".join(
        orjson.dumps(
            {
                "event": "Order Placed",
                "properties": {"time": JUNE + i, "distinct_id": f"u{i % 7}", "$insert_id": f"i{i}", "$os": "Linux"},
            }
        )
        + b"\n"
        for i in range(EVENTS)
    )

    async def export(request):
        return Response(lines, media_type="text/plain")

    return application(
        basic(state.keys.mixpanel.username, state.keys.mixpanel.secret), {("GET", "/api/2.0/export"): export}
    )


def mobile(state) -> Starlette:
    lines = b"".join(
        orjson.dumps({"event_type": "open", "insert_id": f"i{i}", "event_time": "2026-06-01 12:00:00.000000"}) + b"\n"
        for i in range(EVENTS)
    )

    async def export(request):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as whole:
            whole.writestr("1/1_2026-06-01_0#0.json.gz", gzip.compress(lines))
        return Response(out.getvalue(), media_type="application/zip")

    return application(
        basic(state.keys.amplitude.api_key, state.keys.amplitude.secret_key), {("GET", "/api/2/export"): export}
    )


TINY = {
    name: SimpleNamespace(api=api, error=error)
    for name, api in (("stripe", billing), ("mixpanel", web), ("amplitude", mobile))
}
