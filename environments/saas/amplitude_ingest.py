"""Amplitude's ingestion: /2/httpapi, /batch and /identify, as its SDKs send them.

https://amplitude.com/docs/apis/analytics/http-v2, read on 2026-11-25.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from environments.saas.app import State
from environments.saas.web import Failure, body, form, parsed

AT_ONCE = 2_000
SHORTEST_ID = 5  # characters of a user or device id, unless the request's options say otherwise


class AmplitudeIngestion:
    """Writes what comes to the log, one entry a request.
    A request with one bad event is refused whole, as Amplitude does."""

    def __init__(self, state: State):
        self.state = state

    async def events(self, request: Request) -> Response:
        text = await body(request)
        sent = parsed(text)
        if not isinstance(sent, dict):
            raise Failure(400, "Invalid JSON request body")
        self._known(sent.get("api_key"))
        events = self._valid(sent)
        now = self.state.clock.now()
        if events:
            self.state.log.append("amplitude", {"events": events})
        return JSONResponse(
            {
                "code": 200,
                "events_ingested": len(events),
                "payload_size_bytes": len(text),
                "server_upload_time": now * 1000,
            }
        )

    async def identify(self, request: Request) -> Response:
        """User or group properties, without an event."""
        fields = await form(request)
        self._known(fields.get("api_key"))
        changes = parsed(fields.get("identification", ""))
        self.state.log.append("amplitude", {"identify": changes if isinstance(changes, list) else [changes]})
        return PlainTextResponse("success")

    def _known(self, key) -> None:
        if not key:
            raise Failure(400, "Request missing required field", missing_field="api_key")
        if key != self.state.keys.amplitude.api_key:
            raise Failure(400, f"Invalid API key: {str(key)[:64]}")

    def _valid(self, sent: dict) -> list[dict]:
        events = sent.get("events")
        if not isinstance(events, list):
            raise Failure(400, "Request missing required field", missing_field="events")
        if len(events) > AT_ONCE:
            raise Failure(413, f"Payload too large: at most {AT_ONCE:,} events")
        if not all(isinstance(event, dict) for event in events):
            raise Failure(400, "events must be objects")
        _refuse(
            "events_with_missing_fields",
            "event_type",
            [n for n, event in enumerate(events) if not event.get("event_type")],
        )
        _refuse(
            "events_with_missing_fields",
            "device_id",
            [n for n, event in enumerate(events) if not (event.get("user_id") or event.get("device_id"))],
        )
        _refuse(
            "events_with_invalid_fields",
            "time",
            [n for n, event in enumerate(events) if not _is_time(event.get("time"))],
        )
        for name in ("user_id", "device_id"):
            _refuse(
                "events_with_invalid_id_lengths",
                name,
                [n for n, event in enumerate(events) if _too_short(event.get(name), _shortest(sent))],
            )
        return events


def _refuse(kind: str, field: str, wrong: list[int]) -> None:
    if wrong:
        raise Failure(400, f"Invalid or missing {field}", **{kind: {field: wrong}})


def _shortest(sent: dict) -> int:
    options = sent.get("options")
    least = options.get("min_id_length") if isinstance(options, dict) else None
    return least if isinstance(least, int) else SHORTEST_ID


def _too_short(id, least: int) -> bool:
    return id is not None and len(str(id)) < least


def _is_time(value) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**43)
