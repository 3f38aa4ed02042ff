"""Mixpanel's raw export, its query API and its ingestion, over one project.

https://docs.mixpanel.com/reference/raw-event-export and the pages beside it, read on 2026-11-25.
Parameters that Mixpanel's documentation does not name are passed over: it says of none that it is refused, and lists no
error for one (https://docs.mixpanel.com/reference/raw-event-export.md and /troubleshooting/errors, read on 2026-11-30).
What a named one cannot mean is 400; one that is not served says so, with 400 too, and a route with 501. Exports are not
deduplicated. The limits of the real export (60 an hour, 3 a second, 100 at once) are off, so that a lab may load day by
day; `api(state, Limits())` has them, and the fault MIXPANEL_RATE_LIMITED shows what they look like.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from environments.saas.app import State
from environments.saas.mixpanel_events import exported, lines
from environments.saas.mixpanel_ingest import MixpanelIngestion
from environments.saas.mixpanel_query import MixpanelQueries
from environments.saas.mixpanel_time import Zone
from environments.saas.mixpanel_where import BadWhere, where
from environments.saas.web import Failure, Made, RequestLimits, basic, failures, gzipped, moment, whole

MAX_LIMIT = 100_000  # that `limit` may be
# What Mixpanel has and the simulator has not, as patterns:
# https://docs.mixpanel.com/reference/overview, read on 2026-11-30.
OTHERS = (
    "/api/query/insights", "/api/query/funnels/*", "/api/query/retention*", "/api/query/segmentation*",
    "/api/query/events*", "/api/query/stream/query", "/api/query/jql", "/api/query/frequency*", "/api/query/activity*",
    "/api/2.0/segmentation*", "/api/2.0/retention*", "/api/2.0/events*", "/api/2.0/jql", "/api/2.0/stream/query",
    "/api/2.0/insights", "/api/2.0/nessie/*", "/api/app/*", "/lookup-tables*", "/engage*", "/groups*", "/track*",
)
BUSY = "Project exceeded rate limits. Please retry the request with exponential backoff."


def error(status: int, code: str | None, message: str, **more) -> Response:
    """A failure as Mixpanel tells it."""
    return JSONResponse({"status": 0, "error": message} | more, status)


def api(state: State, limits: RequestLimits | None = None) -> Starlette:
    """The API over this state; `limits` are those of exports."""
    product = Made(state)
    guard, queries, ingestion = Guard(state), MixpanelQueries(state, product), MixpanelIngestion(state)
    read = {
        "/api/2.0/export": MixpanelExport(state, product, limits).answer,
        "/api/app/projects/{project}/annotations": queries.annotations,
    }
    for base in ("/api/query", "/api/2.0"):
        read |= {f"{base}/{path}": endpoint for path, endpoint in queries.routes().items()}
    write = {
        "/track": ingestion.track,
        "/import": guard.only(ingestion.imported),
        "/engage": ingestion.engage,
        "/groups": ingestion.engage,
    }
    return Starlette(exception_handlers=failures(error, OTHERS), routes=[
        *(Route(path, guard.only(endpoint), methods=["GET", "POST"]) for path, endpoint in read.items()),
        *(Route(path + slash, endpoint, methods=["POST"]) for path, endpoint in write.items() for slash in ("", "/"))])


class Guard:
    """Lets in who brings the project's secret, or a service account's with the project's number."""

    def __init__(self, state: State):
        self.mine = state.keys.mixpanel

    def only(self, endpoint):
        async def guarded(request: Request) -> Response:
            user, secret = basic(request)
            if (user, secret) == (self.mine.username, self.mine.secret):
                self._same_project(request)
            elif self.mine.api_secret not in (user, secret):
                raise Failure(401, "Unable to authenticate request")
            return await endpoint(request)

        return guarded

    def _same_project(self, request: Request) -> None:
        project = request.query_params.get("project_id") or request.path_params.get("project")
        if project is None:
            raise Failure(400, "project_id is a required parameter for service accounts")
        if project != self.mine.project_id:
            raise Failure(403, f"The service account has no access to project {project[:40]}")


@dataclass(frozen=True)
class ExportQuery:
    """What an export is asked for. `first`, `last`: Unix seconds, the second not included."""

    first: int
    last: int
    events: frozenset | None
    test: Callable[[dict], bool] | None
    limit: int | None
    milliseconds: bool

    @classmethod
    def of(cls, request: Request, now: int, zone: Zone) -> "ExportQuery":
        query = request.query_params
        first, last = _day(query, "from_date"), _day(query, "to_date")
        if last > zone.today(now):
            raise Failure(400, "to_date cannot be later than today")
        if first > last:
            raise Failure(400, "from_date is later than to_date")
        try:
            test = where(query["where"]) if query.get("where") else None
        except BadWhere as e:
            raise Failure(400, f"where: {e}") from None
        limit = whole(query["limit"], "limit", 1, MAX_LIMIT) if query.get("limit") else None
        return cls(
            zone.start(first),
            zone.start(last + timedelta(1)),
            _events(query.get("event")),
            test,
            limit,
            _flag(query, "time_in_ms"),
        )

    def takes(self, event: dict) -> bool:
        return (self.events is None or event["event"] in self.events) and (
            self.test is None or self.test(_seconds(event["properties"]))
        )


class MixpanelExport:
    """GET /api/2.0/export: the events of some of the project's days, one per line."""

    def __init__(self, state: State, product: Made, limits: RequestLimits | None):
        self.state, self.product, self.limits, self.zone = state, product, limits, Zone(state.timezone)

    async def answer(self, request: Request) -> Response:
        asked = ExportQuery.of(request, self.state.clock.now(), self.zone)
        if self.limits and not self.limits.take():
            raise Failure(429, BUSY)
        parts, headers = self._parts(asked), {}
        if "gzip" in request.headers.get("accept-encoding", "").lower():
            parts, headers = gzipped(parts), {"Content-Encoding": "gzip"}
        return StreamingResponse(parts, media_type="text/plain", headers=headers)

    def _parts(self, asked: ExportQuery) -> Iterator[bytes]:
        try:
            left = asked.limit
            for events in exported(
                self.state, self.product.mess, asked.first, asked.last, self.zone, asked.milliseconds
            ):
                taken = [event for event in events if asked.takes(event)][:left]
                yield lines(taken)
                left = None if left is None else left - len(taken)
                if left == 0:
                    return
        finally:
            if self.limits:
                self.limits.give()


def _seconds(properties: dict) -> dict:
    """As an expression sees them: `datetime(N)` is in seconds."""
    return properties | {"time": properties["time"] // 1000} if properties["time"] > 10**11 else properties


def _day(query, name: str) -> date:
    return moment(query.get(name, ""), name, "%Y-%m-%d", "YYYY-MM-DD").date()


def _flag(query, name: str) -> bool:
    value = query.get(name, "").lower()
    if value not in ("", "true", "false", "1", "0"):
        raise Failure(400, f"{name} must be true or false")
    return value in ("true", "1")


def _events(text: str | None) -> frozenset | None:
    if not text:
        return None
    try:
        names = orjson.loads(text)
    except orjson.JSONDecodeError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Failure(400, 'event must be a JSON array of names, such as ["Order Placed"]')
    return frozenset(names)
