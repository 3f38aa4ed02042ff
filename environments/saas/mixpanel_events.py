"""Teaspoon's website as Mixpanel keeps it: events of a day as lines of JSON.

The project uses Simplified ID Merge: before anybody is known `distinct_id` is "$device:" and the device's id; from the
sign-up on it is the user's, and events carry both ids (https://docs.mixpanel.com/docs/tracking-methods/id-management/identifying-users-simplified).
"""

from collections.abc import Iterator

import orjson

from datasets.mess import Mess, Messy
from datasets.product import Product, day_at
from datasets.product_devices import browser, system
from datasets.product_ids import device_ids
from datasets.product_plan import BROWSERS, SYSTEMS
from datasets.words import CITIES
from environments.saas.app import State
from environments.saas.mixpanel_time import Zone
from environments.saas.tracked import Tracked, user_ids

DAY = 86_400
UTC = Zone("UTC")
CHUNK = 5_000  # events that are put together at once


def generated(
    state: State,
    mess: Mess,
    day: int,
    milliseconds: bool = False,
    zone: Zone = UTC,
    within: tuple[int, int] | None = None,
) -> Iterator[list[dict]]:
    """The events of a day of the world, some thousand at a time; all moments as the clock and the project show them.

    `within`: only those from one moment to another, the second not included.
    """
    for messy in mess.batches(day):
        web = messy.where(messy.events.of("web"))
        if within:
            at = (web.events.time + web.skew) // 1000 + state.clock.shift
            web = web.where((at >= within[0]) & (at < within[1]))
        for first in range(0, len(web), CHUNK):
            some = web.where(slice(first, first + CHUNK))
            yield records(mess.product, some, state.clock.shift, milliseconds, zone)


def records(product: Product, messy: Messy, shift: int, milliseconds: bool = False, zone: Zone = UTC) -> list[dict]:
    """Events as an export shows them."""
    e, tracked = messy.events, Tracked(product, messy)
    shared = _shared(product, messy)
    times = e.time + messy.skew + shift * 1000
    times = times.tolist() if zone.is_utc else [zone.local_ms(time) for time in times.tolist()]
    times = times if milliseconds else [time // 1000 for time in times]
    return [
        {"event": name, "properties": {
            "time": time, "distinct_id": who["$user_id"] if known else f"$device:{who['$device_id']}",
            **(who if known else {key: value for key, value in who.items() if key != "$user_id"}),
            "$insert_id": insert_id, "mp_processing_time_ms": received, **properties}}
        for (name, properties), time, known, who, insert_id, received in zip(
            tracked.rows(), times, e.known().tolist(), map(shared.__getitem__, e.session.tolist()),
            tracked.insert_ids(), (messy.received + shift * 1000).tolist(), strict=True)]


def written(state: State, first: int, last: int, zone: Zone, milliseconds: bool = False) -> Iterator[dict]:
    """Ingested events whose moment lies in [first, last), in Unix seconds, as an export shows them."""
    for entry in state.log.entries("mixpanel"):
        for event in entry.get("events", ()):
            at = event["properties"]["time"]
            if first <= at // 1000 < last:
                shown = zone.local_ms(at)
                yield {
                    "event": event["event"],
                    "properties": event["properties"] | {"time": shown if milliseconds else shown // 1000},
                }


def exported(
    state: State, mess: Mess, first: int, last: int, zone: Zone, milliseconds: bool = False
) -> Iterator[list[dict]]:
    """All events from one moment to another (days of the project's,
    the second not included), in no order that means anything."""
    shift, within = state.clock.shift, None if zone.is_utc else (first, last)  # a day of UTC is one of the world's
    for day in range(max(0, day_at(first - shift)), min(len(mess.product.days), day_at(last - shift - 1) + 1)):
        yield from generated(state, mess, day, milliseconds, zone, within)
    events = list(written(state, first, last, zone, milliseconds))
    yield from (events[n:n + CHUNK] for n in range(0, len(events), CHUNK))


def lines(events: list[dict]) -> bytes:
    return b"".join(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE) for event in events)


def _shared(product: Product, messy: Messy) -> list[dict]:
    """Properties that the events of a session share."""
    sessions = messy.events.sessions
    return [
        {
            "$user_id": user,
            "$device_id": device,
            "$browser": BROWSERS[b],
            "$os": SYSTEMS[s],
            "$city": CITIES[c][0],
            "mp_country_code": CITIES[c][1],
            "mp_lib": "web",
            "$mp_api_endpoint": "api-js.mixpanel.com",
        }
        for user, device, b, s, c in zip(
            user_ids(sessions),
            device_ids(product.cast.seed, sessions.device),
            browser(sessions).tolist(),
            system(sessions).tolist(),
            sessions.city.tolist(),
            strict=True,
        )
    ]
