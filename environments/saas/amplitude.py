"""Amplitude's export, its dashboard API as far as connectors ask it, and its ingestion, over one project.

https://amplitude.com/docs/apis/analytics/export and the pages beside it, read on 2026-11-25. Parameters that they do
not name are passed over: they say of none that it is refused (read again on 2026-11-30). One that they name and that is
not served says so, with 400, and a route with 501.
"""

import gzip
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, cast

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from environments.saas.amplitude_events import exported
from environments.saas.amplitude_ingest import AmplitudeIngestion
from environments.saas.amplitude_query import AmplitudeQueries
from environments.saas.app import State
from environments.saas.web import Failure, Made, basic, failures, moment

HOUR = 3600
LONGEST = 365          # days
LARGEST = 4 * 2**30    # bytes of an export
BYTES = 170            # that an event takes in one, about
PROJECT = 100_001
# What Amplitude has and the simulator has not, as patterns: https://amplitude.com/docs/apis/analytics/dashboard-rest
# and the pages beside it, read on 2026-11-30.
OTHERS = (
    "/api/2/events/segmentation", "/api/2/funnels", "/api/2/retention", "/api/2/realtime", "/api/2/usersearch",
    "/api/2/useractivity", "/api/2/sessions/*", "/api/2/composition", "/api/2/revenue/*", "/api/2/taxonomy/*",
    "/api/2/deletions/*", "/api/3/chart/*", "/api/3/cohorts/*", "/api/5/*", "/api/2/annotations/*", "/api/2/release*",
    "/api/3/annotations*", "/attribution", "/usermap",
)


def error(status: int, code: str | None, message: str, **more) -> Response:
    """A failure as Amplitude tells it."""
    return JSONResponse({"code": status, "error": message} | more, status)


def api(state: State) -> Starlette:
    """The API over this state."""
    product = Made(state)
    queries, ingestion = AmplitudeQueries(state, product), AmplitudeIngestion(state)
    read = {"/api/2/export": AmplitudeExport(state, product).answer} | queries.routes()
    write = {
        "/2/httpapi": ingestion.events,
        "/batch": ingestion.events,
        "/identify": ingestion.identify,
        "/groupidentify": ingestion.identify,
    }
    return Starlette(exception_handlers=failures(error, OTHERS), routes=[
        *(Route(path, _only(state, endpoint), methods=["GET"]) for path, endpoint in read.items()),
        *(Route(path, endpoint, methods=["POST"]) for path, endpoint in write.items())])


def _only(state: State, endpoint):
    """An endpoint for who brings both halves of the key."""
    async def guarded(request: Request) -> Response:
        if basic(request) != (state.keys.amplitude.api_key, state.keys.amplitude.secret_key):
            raise Failure(401, "Invalid API key or secret key")
        return await endpoint(request)

    return guarded


@dataclass(frozen=True)
class AmplitudeExport:
    """GET /api/2/export: what was uploaded in some hours, as a zip of gzipped lines of JSON."""

    state: State
    product: Made

    async def answer(self, request: Request) -> Response:
        first, last = _hour(request, "start"), _hour(request, "end")
        if first > last:
            raise Failure(400, "start is later than end")
        if last - first > timedelta(LONGEST):
            raise Failure(400, f"The range is longer than {LONGEST} days")
        parts = self._parts(int(first.timestamp()), int(last.timestamp()) + HOUR)
        begun = await run_in_threadpool(next, parts, None)
        if begun is None:
            raise Failure(404, "Raw data files were not found.")
        return StreamingResponse(_again(begun, parts), media_type="application/zip")

    def _parts(self, first: int, last: int) -> Iterator[bytes]:
        mess = self.product.mess
        if mess.product.about(first - self.state.clock.shift, last - self.state.clock.shift) * BYTES > LARGEST:
            raise Failure(
                400,
                "The file size of the exported data is too large. Shorten the time ranges and try again. "
                "The limit size is 4GB.",
            )
        yield from zipped(exported(self.state, mess, first, last))


def zipped(hours: Iterator[tuple[int, list[dict]]]) -> Iterator[bytes]:
    """A zip as it grows: one file for each part of an hour,
    no entry for the folder. Nothing where there are no events."""
    sink = Sink()
    parts: dict[int, int] = {}
    with zipfile.ZipFile(cast(IO[bytes], sink), "w") as whole:  # it has what a zip needs of a file that only grows
        for hour, events in hours:
            part = parts[hour] = parts.get(hour, -1) + 1
            when = datetime.fromtimestamp(hour, UTC)
            name = f"{PROJECT}/{PROJECT}_{when:%Y-%m-%d}_{when.hour}#{part}.json.gz"
            lines = b"".join(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE) for event in events)
            whole.writestr(zipfile.ZipInfo(name, when.timetuple()[:6]), gzip.compress(lines, 1, mtime=0))
            yield sink.taken()
    if parts:
        yield sink.taken()


class Sink:
    """A file that cannot be rewound: what was written is taken out as it comes."""

    def __init__(self):
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def _again(begun: bytes, parts: Iterator[bytes]) -> Iterator[bytes]:
    yield begun
    yield from parts


def _hour(request: Request, name: str) -> datetime:
    return moment(request.query_params.get(name, ""), name, "%Y%m%dT%H", "YYYYMMDDTHH").replace(tzinfo=UTC)
