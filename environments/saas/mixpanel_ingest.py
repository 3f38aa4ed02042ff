"""Mixpanel's ingestion: /track, /import, /engage and /groups, as its SDKs send them."""

import base64
import binascii
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from environments.saas.app import State
from environments.saas.web import Failure, body, form, parsed

AT_ONCE = 2_000        # events of one request, https://docs.mixpanel.com/reference/import-events, read 2026-11-25
EARLIEST = 31_536_000  # 1971-01-01; the same page
MAX_AHEAD_S = 3600           # seconds that an event may lie in the future; the same page
NEEDED = ("time", "distinct_id", "$insert_id")  # that /import demands


class MixpanelIngestion:
    """Writes what comes to the log, one entry a request."""

    def __init__(self, state: State):
        self.state = state

    async def track(self, request: Request) -> Response:
        """Events of now. One whose device is ahead of the server by more than an hour happened now."""
        sent, verbose = await _sent(request)
        every = _listed(sent)
        try:
            self._keep([self._event(event) for event in every], "/track")
        except Failure as e:
            return _answer(verbose, e.message)
        return _answer(verbose, None)

    async def imported(self, request: Request) -> Response:
        """Past events. With `strict=1` those that are not valid are refused and named, and the others are kept."""
        sent, _ = await _sent(request)
        strict, latest = request.query_params.get("strict", "1") == "1", self._latest()
        events, wrong = [], []
        for index, event in enumerate(_listed(sent)):
            problem = _problem(event, latest) if strict else None
            (wrong.append({"index": index, **problem}) if problem else events.append(self._event(event)))
        self._keep(events, "/import")
        if wrong:
            return JSONResponse(
                {
                    "code": 400,
                    "error": "some data points in the request failed validation",
                    "failed_records": wrong,
                    "num_records_imported": len(events),
                    "status": "Bad Request",
                },
                400,
            )
        return JSONResponse({"code": 200, "num_records_imported": len(events), "status": 1, "error": None})

    async def engage(self, request: Request) -> Response:
        """Changes of profiles, of people or groups."""
        sent, verbose = await _sent(request)
        updates = _listed(sent)
        if not all(isinstance(update.get("$distinct_id", update.get("$group_id")), str | int) for update in updates):
            return _answer(verbose, "$distinct_id, missing or empty")
        self.state.log.append("mixpanel", {"profiles": [_without_token(update) for update in updates]})
        return _answer(verbose, None)

    def _event(self, event: dict) -> dict:
        """An event as it is kept: its time in milliseconds, and ids that the server makes where there are none."""
        name, properties = event.get("event"), event.get("properties")
        if not isinstance(name, str) or not name or not isinstance(properties, dict):
            raise Failure(400, "event and properties, missing or empty")
        now = self.state.clock.now()
        at = _milliseconds(properties.get("time", now))
        at = at if at <= self._latest() else now * 1000
        device, user = properties.get("$device_id"), properties.get("$user_id")
        somebody = user or (f"$device:{device}" if device else "")
        kept = {"distinct_id": somebody, "$insert_id": secrets.token_hex(8)} | _without_token(properties)
        return {"event": name, "properties": kept | {"time": at, "mp_processing_time_ms": now * 1000}}

    def _latest(self) -> int:
        """Milliseconds: no event is later."""
        return (self.state.clock.now() + MAX_AHEAD_S) * 1000

    def _keep(self, events: list[dict], endpoint: str) -> None:
        if events:
            self.state.log.append("mixpanel", {"endpoint": endpoint, "events": events})


async def _sent(request: Request):
    """What was sent, as JSON or as a form whose `data` is JSON or its base64; and whether the answer is to be JSON."""
    kind = request.headers.get("content-type", "")
    if "json" in kind or "ndjson" in kind:
        text = await body(request)
        if "ndjson" in kind:
            text = b"[" + b",".join(line for line in text.splitlines() if line) + b"]"
        return parsed(text), True
    fields = await form(request)
    return parsed(_decoded(fields.get("data", ""))), fields.get("verbose") == "1"


def _decoded(data: str) -> bytes:
    if data.lstrip()[:1] in ("{", "["):
        return data.encode()
    try:
        return base64.b64decode(data.replace(" ", "+"), validate=True)
    except (binascii.Error, ValueError):
        raise Failure(400, "data is neither JSON nor base64") from None


def _listed(sent) -> list[dict]:
    every = sent if isinstance(sent, list) else [sent]
    if not all(isinstance(item, dict) for item in every):
        raise Failure(400, "data must be an object or a list of objects")
    if len(every) > AT_ONCE:
        raise Failure(413, f"at most {AT_ONCE:,} records at once")
    return every


def _answer(verbose: bool, problem: str | None) -> Response:
    if verbose:
        return JSONResponse({"status": 0 if problem else 1, "error": problem})
    return PlainTextResponse("0" if problem else "1")


def _problem(event: dict, latest: int) -> dict | None:
    """What strict import has against an event: field, message and the event's own insert id."""
    properties = event.get("properties")
    if not isinstance(event.get("event"), str) or not isinstance(properties, dict):
        return {"insert_id": "", "field": "event", "message": "'event' and 'properties' are required"}
    for name in NEEDED:
        if not isinstance(properties.get(name), str | int | float) or properties[name] == "" and name != "distinct_id":
            return _named(properties, f"properties.{name}", f"'properties.{name}' is missing or invalid")
    try:
        late = _milliseconds(properties["time"]) > latest
    except Failure as e:
        return _named(properties, "properties.time", e.message)
    return (
        _named(properties, "properties.time", "'properties.time' is more than an hour in the future") if late else None
    )


def _named(properties: dict, field: str, message: str) -> dict:
    return {"insert_id": str(properties.get("$insert_id", "")), "field": field, "message": message}


def _milliseconds(time) -> int:
    """Seconds or milliseconds, as a number or its text."""
    try:
        value = float(time)
        at = int(value if value > 10**11 else value * 1000)
    except (TypeError, ValueError, OverflowError):
        raise Failure(400, "'properties.time' is invalid: must be seconds or milliseconds since 1970") from None
    if not EARLIEST * 1000 <= at < 2**53:
        raise Failure(400, "'properties.time' is invalid: must be later than 1971-01-01")
    return at


def _without_token(properties: dict) -> dict:
    return {name: value for name, value in properties.items() if name not in ("token", "$token")}
