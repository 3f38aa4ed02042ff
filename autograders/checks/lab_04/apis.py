"""Small APIs for checks, with the contracts of Stripe, Mixpanel and Amplitude and records made at random by the check.

    shop = Shop(charges=230)
    with serving(shop) as saas:
        function(saas.stripe.base_url, saas.stripe.credentials["api_key"], "/v1/charges")

They run in the course's simulator, faults and book of requests included, without its generated world: so a check
starts in milliseconds, and has what it asks about: two charges in one second, a page that ends there, a day without
data.
"""

import asyncio
import base64
import gzip
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from secrets import token_hex
from types import SimpleNamespace
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from autograders.draws import draw
from environments.busy import FairClock
from environments.saas import Simulator
from environments.saas.handle import SimulatorClient

NOW = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp())
DAY = 86_400
PATIENCE = 8  # seconds, of a machine that works, that an export is held up: only who reads it whole waits for them
COMPARISONS = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}


class Shop:
    """What the APIs know: lists of objects, oldest first,
    by Stripe's plural nouns; events by day and by hour of upload."""

    def __init__(self, charges: int = 0, customers: int = 0):
        self.lists = {"charges": [charge(at) for at in moments(charges)], "events": [],
                      "customers": [customer(at) for at in moments(customers)]}
        self.days: dict[str, list[dict]] = {}   # Mixpanel's records by ISO date
        self.hours: dict[str, list[dict]] = {}  # Amplitude's by YYYYMMDDTHH
        self.hold: threading.Event | None = None
        self.held_after, self.held_in_vain = 0, False

    @property
    def charges(self) -> list[dict]:
        return self.lists["charges"]

    def hold_exports(self, after: int) -> threading.Event:
        """Mixpanel's exports stop after so many lines until this event is set, or for a while: then it was in vain."""
        self.hold, self.held_after = threading.Event(), after
        return self.hold

    def end_inside_a_line(self, day: str, percent: int) -> None:
        """Have the day's export such that so many percent of its bytes end inside a line."""
        while True:
            body = b"".join(map(_line, self.days[day]))
            cut = len(body) * percent // 100
            if b"\n" not in body[cut - 2:cut + 2]:
                return
            self.days[day][0]["properties"]["$city"] = "x" * draw.randint(1, 50)


def moments(number: int, days: int = 60) -> list[int]:
    """Rising Unix seconds before NOW, about every fourth the same as the one before."""
    drawn = sorted(draw.sample(range(NOW - days * DAY, NOW - DAY), number))
    return [drawn[n - 1] if n and draw.random() < 0.25 else at for n, at in enumerate(drawn)]


def charge(at: int, **more) -> dict:
    return {
        "id": f"ch_{token_hex(8)}",
        "object": "charge",
        "amount": draw.randint(900, 9900),
        "amount_refunded": 0,
        "currency": "usd",
        "customer": f"cus_{token_hex(6)}",
        "refunded": False,
        "status": "succeeded",
        "created": at,
    } | more


def customer(at: int, **more) -> dict:
    return {
        "id": f"cus_{token_hex(6)}",
        "object": "customer",
        "email": f"{token_hex(4)}@example.com",
        "name": "Someone",
        "created": at,
    } | more


def stripe_event(kind: str, obj: dict, at: int) -> dict:
    """An event as Stripe has it: the object as it became."""
    return {"id": f"evt_{token_hex(8)}", "object": "event", "type": kind, "created": at, "data": {"object": dict(obj)}}


def web_event(day: str) -> dict:
    """An event of Mixpanel's on this ISO date."""
    at = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) + draw.randrange(DAY)
    return {
        "event": draw.choice(["Recipe Viewed", "Plan Opened"]),
        "properties": {
            "time": at,
            "distinct_id": f"u{draw.randrange(500)}",
            "$insert_id": token_hex(8),
            "$city": "New York",
        },
    }


@contextmanager
def serving(shop: Shop) -> Iterator[SimulatorClient]:
    """A simulator over a shop, while the block runs."""
    modules = {"stripe": SimpleNamespace(api=lambda state: _stripe(shop, state), error=_stripe_error),
               "mixpanel": SimpleNamespace(api=lambda state: _mixpanel(shop, state), error=_plain_error),
               "amplitude": SimpleNamespace(api=lambda state: _amplitude(shop, state), error=_plain_error)}
    with Simulator(modules=modules) as saas:
        yield saas


# Stripe

def _stripe(shop: Shop, state) -> Starlette:
    key = state.keys.stripe

    async def listed(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in shop.lists:
            return _stripe_error(404, None, f"Unrecognized request URL (GET: {request.url.path}).")
        try:
            return JSONResponse(page(shop.lists[name], request.url.path, request.query_params.multi_items()))
        except ValueError as e:
            return _stripe_error(400, *e.args)

    async def made(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        new = customer(NOW, **form)
        shop.lists["customers"].append(new)
        return JSONResponse(new)

    said = (f"Bearer {key}", basic(key, ""))
    return _application({("GET", "/v1/{name}"): listed, ("POST", "/v1/customers"): made}, said,
                        lambda: _stripe_error(401, None, "Invalid API Key provided"))


def page(objects: list[dict], url: str, query: list[tuple[str, str]]) -> dict:
    """A page of a list, newest first. ValueError(code, message) where Stripe answers 400."""
    params = dict(query)
    wanted = [o for o in reversed(objects) if _in_time(o, params) and _of_type(o, query)]
    limit = _whole(params.get("limit", "10"), "limit")
    if not 1 <= limit <= 100:
        raise ValueError(None, f"Invalid integer: limit must be between 1 and 100, not {limit}.")
    start = _after(wanted, params["starting_after"]) if "starting_after" in params else 0
    return {"object": "list", "url": url, "has_more": start + limit < len(wanted), "data": wanted[start:start + limit]}


def _in_time(obj: dict, query: dict) -> bool:
    return all(compare(obj["created"], _whole(query[f"created[{name}]"], "created"))
               for name, compare in COMPARISONS.items() if f"created[{name}]" in query)


def _of_type(obj: dict, query: list[tuple[str, str]]) -> bool:
    kinds = [value for name, value in query if name == "type" or name.startswith("types[")]
    return not kinds or any(fnmatchcase(obj.get("type", ""), kind) for kind in kinds)


def _after(objects: list[dict], cursor: str) -> int:
    place = next((n for n, o in enumerate(objects) if o["id"] == cursor), None)
    if place is None:
        raise ValueError("resource_missing", f"No such object: '{cursor}'")
    return place + 1


def _whole(text: str, name: str) -> int:
    if not text.isdecimal():
        raise ValueError(None, f"Invalid integer: {name} is {text[:40]!r}.")
    return int(text)


def _stripe_error(status: int, code: str | None, message: str, **more) -> Response:
    return JSONResponse({"error": {"type": "invalid_request_error", "code": code, "message": message} | more}, status)


# Mixpanel and Amplitude

def _mixpanel(shop: Shop, state) -> Starlette:
    keys = state.keys.mixpanel

    async def export(request: Request) -> Response:
        query = request.query_params
        if not {"from_date", "to_date"} <= query.keys() or query.get("project_id") != keys.project_id:
            return _plain_error(400, None, "from_date, to_date and the service account's project_id are required")
        days = [day for day in sorted(shop.days) if query["from_date"] <= day <= query["to_date"]]
        lines = (_line(event) for day in days for event in shop.days[day])
        return StreamingResponse(_chunks(lines, shop), media_type="text/plain")

    return _application({("GET", "/api/2.0/export"): export}, (basic(keys.username, keys.secret),),
                        lambda: _plain_error(401, None, "Invalid service account"))


async def _chunks(lines: Iterator[bytes], shop: Shop):
    """Lines in pieces of some kilobytes, held up where the shop says so."""
    held = []
    for number, line in enumerate(lines, 1):
        held.append(line)
        if len(held) == 200:
            yield b"".join(held)
            held.clear()
        if shop.hold and number == shop.held_after:
            await _until(shop, shop.hold)
    yield b"".join(held)


async def _until(shop: Shop, free: threading.Event) -> None:
    clock = FairClock()
    while clock.seconds() < PATIENCE:
        if free.is_set():
            return
        await asyncio.sleep(0.01)
    shop.held_in_vain = True


def _amplitude(shop: Shop, state) -> Starlette:
    keys = state.keys.amplitude

    async def export(request: Request) -> Response:
        query = request.query_params
        if not {"start", "end"} <= query.keys():
            return _plain_error(400, None, "start and end are required, as YYYYMMDDTHH")
        hours = {
            hour: shop.hours[hour]
            for hour in sorted(shop.hours)
            if query["start"] <= hour <= query["end"] and shop.hours[hour]
        }
        if not hours:
            return _plain_error(404, None, "Raw data files were not found.")
        return Response(zipped(hours), media_type="application/zip")

    return _application({("GET", "/api/2/export"): export}, (basic(keys.api_key, keys.secret_key),),
                        lambda: _plain_error(401, None, "Invalid key"))


def zipped(hours: dict[str, list[dict]]) -> bytes:
    """A zip with one folder of gzipped files of JSON lines, one an hour."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as whole:
        for hour, records in hours.items():
            whole.writestr(f"4711/4711_{hour}#0.json.gz", gzip.compress(b"".join(map(_line, records)), 1))
    return out.getvalue()


def _line(record: dict) -> bytes:
    """A line of JSON in UTF-8, whose texts are as they are: JSON asks for no escape of a letter or of U+2028."""
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _plain_error(status: int, code: str | None, message: str, **more) -> Response:
    return JSONResponse({"error": message, "status": status}, status)


# All of them

def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _application(routes: dict, said: tuple[str, ...], refused: Callable[[], Response]) -> Starlette:
    """Routes that open to who says one of these Authorization headers."""
    def guarded(endpoint):
        async def guard(request: Request) -> Response:
            return await endpoint(request) if request.headers.get("authorization") in said else refused()

        return guard

    return Starlette(
        routes=[Route(path, guarded(endpoint), methods=[method]) for (method, path), endpoint in routes.items()]
    )
