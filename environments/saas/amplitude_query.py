"""What connectors ask Amplitude beside events:
active users, the length of sessions, the list of events, cohorts. There are no annotations."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property, lru_cache

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from datasets.mess import spelt
from datasets.product import day_of
from datasets.product_plan import NAMES
from datasets.product_sessions import SIGNUP, STRANGER, may_order
from datasets.shape import DAY, SHAPE
from datasets.words import CITIES
from environments.saas.app import State
from environments.saas.web import Failure, Made, moment, served

LONGEST = 366  # days
COHORT = "members1"
COUNTRIES = {"US": "United States", "CA": "Canada"}


class AmplitudeQueries:
    """The read side: made in a thread, and kept."""

    def __init__(self, state: State, product: Made):
        self.state, self.product = state, product
        self._day = lru_cache(maxsize=800)(self._of_day)

    def routes(self) -> dict[str, Callable]:
        return {
            "/api/2/users": self.users,
            "/api/2/sessions/average": self.average_session,
            "/api/2/events/list": self.events,
            "/api/3/cohorts": self.cohorts,
            "/api/2/annotations": self.annotations,
        }

    async def users(self, request: Request) -> Response:
        """Active (`m=active`) or new users by day, one series, or by country (`g=country`)."""
        days, kind = self._days(request), request.query_params.get("m", "active")
        if kind not in ("active", "new"):
            raise Failure(400, "m must be active or new")
        served(request.query_params, i=("1",), s=("[]",), g=("country",))
        found = await run_in_threadpool(lambda: [self._day(day)[kind] for day in days])
        if request.query_params.get("g"):
            labels = sorted({label for user in found for label in user if label})
            return self._series(days, [[user.get(label, 0) for user in found] for label in labels], labels)
        return self._series(days, [[user[""] for user in found]], ["Active" if kind == "active" else "New"])

    async def average_session(self, request: Request) -> Response:
        """Seconds that a session of a day took on average."""
        days = self._days(request)
        found = await run_in_threadpool(lambda: [self._day(day)["seconds"] for day in days])
        return self._series(days, [found], ["Average"])

    async def events(self, request: Request) -> Response:
        """Every name that an event has, with how often it came in the last week."""
        counted = await run_in_threadpool(lambda: self._names)
        every = sorted({name for plain in NAMES for name in spelt(plain)} & set(counted))
        return JSONResponse(
            {
                "data": [
                    {
                        "id": n,
                        "name": name,
                        "value": name,
                        "display": name,
                        "totals": counted[name],
                        "totals_delta": 0,
                        "autohidden": False,
                        "hidden": False,
                        "deleted": False,
                        "non_active": False,
                        "flow_hidden": False,
                        "in_waitroom": False,
                        "timeline_hidden": False,
                        "clusters_hidden": False,
                    }
                    for n, name in enumerate(every, 1)
                ]
            }
        )

    async def cohorts(self, request: Request) -> Response:
        return JSONResponse({"cohorts": [await run_in_threadpool(self._cohort)]})

    async def annotations(self, request: Request) -> Response:
        return JSONResponse({"data": []})

    def _cohort(self) -> dict:
        cast, made = self.product.mess.product.cast, self.state.clock.moved(SHAPE.launch)
        size = int(may_order(cast, np.arange(len(cast.home)), SHAPE.now - 1).sum())
        return {
            "id": COHORT,
            "appId": 100_001,
            "name": "Members",
            "description": "Households that may order today",
            "size": size,
            "archived": False,
            "published": True,
            "finished": True,
            "hidden": False,
            "is_predictive": False,
            "is_official_content": False,
            "owners": [],
            "viewers": [],
            "type": "one_time",
            "definition": {},
            "createdAt": made,
            "lastMod": made,
            "lastComputed": self.state.clock.moved(SHAPE.now),
            "popularity": 0,
            "view_count": 0,
            "metadata": [],
            "shortcut_ids": [],
        }

    @cached_property
    def _names(self) -> Counter:
        mess = self.product.mess
        counted: Counter = Counter()
        for day in mess.product.days[-7:]:
            for messy in mess.batches(day):
                mobile = messy.where(~messy.events.of("web"))
                for code, spelling in zip(mobile.events.code.tolist(), mobile.spelling.tolist(), strict=True):
                    counted[spelt(NAMES[code])[spelling]] += 1
        return counted

    def _days(self, request: Request) -> list[date]:
        """The days asked for, both ends included."""
        first, last = (_date(request, name) for name in ("start", "end"))
        if not timedelta(0) <= last - first <= timedelta(LONGEST):
            raise Failure(400, f"start must not be later than end, nor more than {LONGEST} days before it")
        return [first + timedelta(n) for n in range((last - first).days + 1)]

    def _series(self, days: list[date], series: list[list], labels: list[str]) -> Response:
        return JSONResponse(
            {
                "data": {
                    "series": series,
                    "seriesLabels": labels,
                    "seriesMeta": [{"segmentIndex": n} for n in range(len(labels))],
                    "xValues": [day.isoformat() for day in days],
                }
            }
        )

    def _of_day(self, when: date) -> dict:
        """What the apps saw on a calendar day, by the clock's own dates."""
        product, day = self.product.mess.product, day_of(when) - self.state.clock.shift // DAY
        if day not in product.days:
            return {"active": {"": 0}, "new": {"": 0}, "seconds": 0}
        active: Counter = Counter()
        new: Counter = Counter()
        seconds: list[np.ndarray] = []
        for block in product.blocks():
            sessions = product.sessions(day, block)
            sessions = sessions.where(~sessions.web)
            first = np.unique(sessions.visitor(), return_index=True)[1]
            active.update(_countries(sessions.city[first]))
            new.update(_countries(sessions.city[(sessions.kind == SIGNUP) | (sessions.kind == STRANGER)]))
        for events in product.events(day):
            seconds.append(_seconds(events))
        every = np.concatenate(seconds)
        return {"active": active, "new": new, "seconds": round(float(every.mean()), 3) if len(every) else 0}


def _countries(cities: np.ndarray) -> Counter:
    counted = Counter(COUNTRIES[CITIES[city][1]] for city in cities.tolist())
    return counted | Counter({"": len(cities)})


def _seconds(events) -> np.ndarray:
    """How long each session in an app took."""
    if not len(events):
        return np.zeros(0)
    first = np.flatnonzero(np.diff(events.session, prepend=-1))
    last = np.append(first[1:], len(events)) - 1
    return ((events.time[last] - events.time[first]) / 1000)[~events.of("web")[first]]


def _date(request: Request, name: str) -> date:
    return moment(request.query_params.get(name, ""), name, "%Y%m%d", "YYYYMMDD").date()
