"""What connectors ask Mixpanel beside events: cohorts, profiles, the properties there are.
Annotations and funnels: there are none."""

from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cached_property

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from datasets.product_cast import Cast
from datasets.product_sessions import may_order
from datasets.shape import DAY, SHAPE
from datasets.words import CITIES
from environments.saas.app import State
from environments.saas.mixpanel_events import generated
from environments.saas.mixpanel_time import Zone
from environments.saas.mixpanel_where import BadWhere, where
from environments.saas.tracked import user_id
from environments.saas.web import Failure, Made, form, parsed, served, whole

PAGE = 1000
RECENT = 30 * DAY
COHORTS = (
    (1001, "Members", "Households that may order today"),
    (1002, "Ordered lately", "Ordered in the last 30 days"),
    (1003, "Gifts", "Came with a gift card"),
)
KINDS = {str: "string", int: "number", float: "number", bool: "boolean", list: "list"}


class MixpanelQueries:
    """The read side. Answers that take long are made in a thread."""

    def __init__(self, state: State, product: Made):
        self.state, self.product, self.zone = state, product, Zone(state.timezone)

    def routes(self) -> dict[str, Callable]:
        return {
            "cohorts/list": self.cohorts,
            "events/properties/top": self.event_properties,
            "engage/properties": self.profile_properties,
            "engage": self.profiles,
            "annotations": self.annotations,
            "funnels/list": self.no_funnels,
            "funnels": self.no_funnel,
        }

    async def cohorts(self, request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self._cohorts))

    async def event_properties(self, request: Request) -> Response:
        event = request.query_params.get("event")
        counted = await run_in_threadpool(lambda: self._event_properties(event))
        most = whole(request.query_params.get("limit", "255"), "limit", 1, 10**6)
        return JSONResponse({name: {"count": count} for name, count in counted[:most]})

    async def profile_properties(self, request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self._profile_properties))

    async def profiles(self, request: Request) -> Response:
        """Profiles by page; `where` and `filter_by_cohort` in the query, a form or a JSON body."""
        sent = request.query_params if request.method == "GET" else await _fields(request)
        return JSONResponse(await run_in_threadpool(self._page, dict(sent)))

    async def annotations(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "results": [], "annotations": []})

    async def no_funnels(self, request: Request) -> Response:
        return JSONResponse([])

    async def no_funnel(self, request: Request) -> Response:
        return JSONResponse({"meta": {"dates": []}, "data": {}})

    @property
    def cast(self) -> Cast:
        return self.product.mess.product.cast

    def _cohorts(self) -> list[dict]:
        created = self.zone.text(self.state.clock.moved(SHAPE.launch), "%Y-%m-%d %H:%M:%S")
        return [
            {
                "id": id,
                "name": name,
                "description": said,
                "count": int(self._in_cohort(id).sum()),
                "is_visible": 1,
                "created": created,
                "project_id": int(self.state.keys.mixpanel.project_id),
            }
            for id, name, said in COHORTS
        ]

    def _in_cohort(self, id: int) -> np.ndarray:
        """Of each person, whether they are in it."""
        everybody = np.arange(len(self.cast.home))
        if id == 1001:
            return may_order(self.cast, everybody, SHAPE.now - 1)
        if id == 1002:
            return self._seen_at(since=SHAPE.now - RECENT) > 0
        return self.cast.channel == "gift"

    def _seen_at(self, since: int = 0) -> np.ndarray:
        """When each person last ordered, 0 for never since then."""
        last, orders = np.zeros(len(self.cast.home), np.int64), self.cast.orders
        lately = orders["at"] >= since
        np.maximum.at(last, orders["person"][lately], orders["at"][lately])
        return last

    def _event_properties(self, event: str | None) -> list[tuple[str, int]]:
        """The properties of the last day's events, or of those of one name, the most frequent first."""
        return sum(
            (properties for name, properties in self._properties.items() if event in (None, "", name)), Counter()
        ).most_common()

    @cached_property
    def _properties(self) -> dict[str, Counter]:
        mess = self.product.mess
        every: dict[str, Counter] = defaultdict(Counter)
        for events in generated(self.state, mess, len(mess.product.days) - 1):
            for event in events:
                every[event["event"]].update(event["properties"].keys())
        return every

    def _profile_properties(self) -> dict:
        counted: Counter = Counter()
        kinds: dict[str, str] = {}
        for profile in self._profiles():
            counted.update(profile["$properties"].keys())
            kinds |= {name: KINDS.get(type(value), "unknown") for name, value in profile["$properties"].items()}
        return {"results": {name: {"count": count, "type": kinds[name]} for name, count in counted.most_common()},
                "session_id": self._session(), "status": "ok"}

    def _page(self, asked: dict) -> dict:
        page = whole(str(asked.get("page") or 0), "page", 0, 10**9)
        size = whole(str(asked.get("page_size") or PAGE), "page_size", 1, 10**6)
        served(
            asked, behaviors=(), as_of_timestamp=(), data_group_id=(), include_all_users=("true", "false", True, False)
        )
        profiles = self._chosen(asked)
        return {"page": page, "page_size": size, "session_id": self._session(), "status": "ok", "total": len(profiles),
                "results": profiles[page * size:(page + 1) * size]}

    def _chosen(self, asked: dict) -> list[dict]:
        try:
            test = where(asked["where"]) if asked.get("where") else None
        except (BadWhere, TypeError) as e:
            raise Failure(400, f"where: {e}") from None
        wanted, shown = _texts(asked, "distinct_ids"), _texts(asked, "output_properties")
        wanted = wanted or ({str(asked["distinct_id"])} if asked.get("distinct_id") else None)
        inside = self._in_cohort(_cohort(asked["filter_by_cohort"])) if asked.get("filter_by_cohort") else None
        members = None if inside is None else {user_id(person) for person in np.flatnonzero(inside).tolist()}
        found = [
            profile
            for profile in self._profiles()
            if (members is None or profile["$distinct_id"] in members)
            and (wanted is None or profile["$distinct_id"] in wanted)
            and (test is None or test(profile["$properties"]))
        ]
        return (
            found
            if shown is None
            else [
                profile
                | {"$properties": {name: value for name, value in profile["$properties"].items() if name in shown}}
                for profile in found
            ]
        )

    def _profiles(self) -> list[dict]:
        """What the website has set of everybody who signed up, and then what was written."""
        cast, moved = self.cast, self.state.clock.shift
        seen = np.maximum(self._seen_at(), cast.joined)
        found = {
            user_id(n): {
                "$email": email,
                "$created": self._iso(joined + moved),
                "$last_seen": self._iso(last + moved),
                "$city": CITIES[city][0],
                "$country_code": CITIES[city][1],
                "channel": channel,
            }
            for n, (email, joined, last, city, channel) in enumerate(
                zip(
                    cast.emails,
                    cast.joined.tolist(),
                    seen.tolist(),
                    cast.city.tolist(),
                    cast.channel.tolist(),
                    strict=True,
                )
            )
        }
        for entry in self.state.log.entries("mixpanel"):
            for update in entry.get("profiles", ()):
                _update(found, update)
        return [{"$distinct_id": id, "$properties": properties} for id, properties in found.items()]

    def _iso(self, moment: int) -> str:
        return self.zone.text(moment, "%Y-%m-%dT%H:%M:%S")

    def _session(self) -> str:
        return f"{self.state.clock.now()}-{self.state.keys.mixpanel.project_id}"


async def _fields(request: Request) -> dict:
    if "json" not in request.headers.get("content-type", ""):
        return await form(request)
    sent = parsed(await request.body() or b"{}")
    if not isinstance(sent, dict):
        raise Failure(400, "the body must be an object")
    return dict(request.query_params) | sent


def _update(profiles: dict[str, dict], update: dict) -> None:
    """$set, $set_once, $unset, $add, $append, $union, $delete, as /engage takes them."""
    id = str(update.get("$distinct_id", ""))
    if not id:
        return
    if "$delete" in update:
        profiles.pop(id, None)
        return
    profile = profiles.setdefault(id, {})
    profile |= _part(update, "$set")
    profile |= {name: value for name, value in _part(update, "$set_once").items() if name not in profile}
    for name, value in _part(update, "$add").items():
        if isinstance(value, int | float) and isinstance(profile.get(name, 0), int | float):
            profile[name] = profile.get(name, 0) + value
    for name, value in _part(update, "$append").items():
        profile[name] = [*_list(profile.get(name)), value]
    for name, value in _part(update, "$union").items():
        profile[name] = _list(profile.get(name)) + [
            item for item in _list(value) if item not in _list(profile.get(name))
        ]
    for name in unset if isinstance(unset := update.get("$unset"), list) else ():
        profile.pop(str(name), None)


def _part(update: dict, verb: str) -> dict:
    part = update.get(verb)
    return part if isinstance(part, dict) else {}


def _list(value) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(asked: dict, name: str) -> set[str] | None:
    """A parameter that is a JSON array of texts; None where it is not given."""
    sent = asked.get(name)
    if sent in (None, ""):
        return None
    sent = parsed(sent) if isinstance(sent, str) else sent
    if not isinstance(sent, list) or not all(isinstance(text, str) for text in sent):
        raise Failure(400, f"{name} must be a JSON array of texts")
    return set(sent)


def _cohort(text) -> int:
    asked = parsed(text) if isinstance(text, str) else text
    id = asked.get("id") if isinstance(asked, dict) else None
    if id not in {cohort[0] for cohort in COHORTS}:
        raise Failure(400, 'filter_by_cohort must name a cohort, such as {"id": 1001}')
    return id
