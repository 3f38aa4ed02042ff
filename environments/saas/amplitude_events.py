"""Teaspoon's apps as Amplitude keeps them: events by the hour in which they were uploaded.

Fields and their meaning: https://amplitude.com/docs/apis/analytics/export, read on 2026-11-25. `event_time` is the
device's time corrected by how far its clock was off when it uploaded; `client_event_time` is what the device said.
"""

from collections.abc import Iterator
from hashlib import sha256

import numpy as np

from datasets.mess import Mess, Messy
from datasets.product import Product, day_at
from datasets.product_devices import model, platform
from datasets.product_ids import INSERT, device_ids, uuids
from datasets.product_plan import MODELS
from datasets.product_sessions import start_of
from datasets.words import CITIES
from environments.saas.app import State
from environments.saas.tracked import Tracked, user_ids

HOUR = 3600
WAITING = 50_000       # events that are held until they are put into files
SAME = 7 * 86_400      # seconds in which an insert id of a device is taken once; https://amplitude.com/docs/apis/analytics/http-v2
MAKERS = {"iPhone": "Apple", "Pixel": "Google", "Galaxy": "Samsung"}


def exported(state: State, mess: Mess, first: int, last: int) -> Iterator[tuple[int, list[dict]]]:
    """The hours from one to another (Unix seconds, the second not included),
    each with some of its events. An hour may come again."""
    shift = state.clock.shift
    for day in range(max(0, day_at(first - shift)), min(len(mess.product.days), day_at(last - shift - 1) + 1)):
        yield from _of_day(mess, day, first - shift, last - shift, shift)
    by_hour: dict[int, list[dict]] = {}
    for event in written(state):
        hour = event.pop("at") // HOUR * HOUR
        if first <= hour < last:
            by_hour.setdefault(hour, []).append(event)
    yield from by_hour.items()


def _of_day(mess: Mess, day: int, first: int, last: int, shift: int) -> Iterator[tuple[int, list[dict]]]:
    waiting: list[Messy] = []
    for messy in mess.uploaded(day):
        mobile = (~messy.events.of("web")) & (messy.received >= first * 1000) & (messy.received < last * 1000)
        waiting.append(messy.where(mobile))
        if sum(map(len, waiting)) >= WAITING:
            yield from _by_hour(mess.product, waiting, day, shift)
            waiting = []
    yield from _by_hour(mess.product, waiting, day, shift)


def _by_hour(product: Product, waiting: list[Messy], day: int, shift: int) -> Iterator[tuple[int, list[dict]]]:
    hours = [(messy.received // 1000 - start_of(day)) // HOUR for messy in waiting]
    for hour in range(24):
        events = [
            event
            for messy, at in zip(waiting, hours, strict=True)
            if (at == hour).any()
            for event in records(product, messy.where(at == hour), shift)
        ]
        if events:
            yield start_of(day) + hour * HOUR + shift, events


def records(product: Product, messy: Messy, shift: int) -> list[dict]:
    """Events as an export shows them."""
    e, move, tracked = messy.events, shift * 1000, Tracked(product, messy)
    shared = _shared(product, messy, shift)
    moments = zip(
        *(
            _texts(ms + move)
            for ms in (
                e.time,
                e.time + messy.skew,
                messy.received + messy.skew - 100,
                messy.received,
                messy.received + 40,
                messy.received + 900,
            )
        ),
        strict=True,
    )
    ids = zip(
        uuids(product.cast.seed, messy.keys(), INSERT),
        tracked.insert_ids(),
        (messy.twice == 2).tolist(),
        e.known().tolist(),
        strict=True,
    )
    return [
        shared[session]
        | {
            "event_type": name,
            "event_properties": properties,
            "event_time": at,
            "client_event_time": said,
            "client_upload_time": sent,
            "server_received_time": received,
            "server_upload_time": received,
            "processed_time": processed,
            "uuid": uuid,
            "$insert_id": None if anonymous else insert_id,
            "event_id": number % 2**31,
            "version_name": properties["app_version"],
            "user_id": shared[session]["user_id"] if known else None,
        }
        for session, (name, properties), (at, said, sent, received, _, processed), (
            uuid,
            insert_id,
            anonymous,
            known,
        ), number in zip(e.session.tolist(), tracked.rows(), moments, ids, e.key.tolist(), strict=True)
    ]


def _shared(product: Product, messy: Messy, shift: int) -> list[dict]:
    """Fields that the events of a session share. `amplitude_id` is one for a person, also before the sign-up."""
    sessions = messy.events.sessions
    visitor = (sessions.visitor() % 2**40 + 10**11).tolist()
    return [
        _device(on, phone)
        | {
            "user_id": user,
            "device_id": device,
            "amplitude_id": number,
            "session_id": began + shift * 1000,
            "city": CITIES[city][0],
            "country": {"US": "United States", "CA": "Canada"}[CITIES[city][1]],
            "app": 100_001,
            "language": "English",
            "library": "amplitude-kotlin/1.16.8" if on == 2 else "amplitude-swift/1.9.4",
            "user_properties": {},
            "group_properties": {},
            "groups": {},
            "data": {},
            "$schema": 13,
            "amplitude_event_type": None,
            "is_attribution_event": False,
            "ip_address": None,
            "paying": None,
            "dma": None,
            "region": None,
        }
        for on, phone, user, device, number, began, city in zip(
            platform(sessions).tolist(),
            model(sessions).tolist(),
            user_ids(sessions),
            device_ids(product.cast.seed, sessions.device),
            visitor,
            sessions.began.tolist(),
            sessions.city.tolist(),
            strict=True,
        )
    ]


def _device(on: int, phone: int) -> dict:
    name = MODELS[on][phone]
    return {
        "platform": ("", "iOS", "Android")[on],
        "os_name": ("", "ios", "android")[on],
        "device_family": name,
        "device_model": name,
        "device_type": name,
        "device_brand": MAKERS[name.split()[0]],
        "device_manufacturer": MAKERS[name.split()[0]],
    }


def _texts(milliseconds: np.ndarray) -> list[str]:
    """Moments as Amplitude writes them: "2026-06-01 12:00:00.000000"."""
    return [
        text.replace("T", " ") + "000"
        for text in np.datetime_as_string(milliseconds.astype("datetime64[ms]"), unit="ms").tolist()
    ]


def written(state: State) -> Iterator[dict]:
    """Ingested events as an export shows them, each with `at`,
    the second of its upload; a repeated insert id of a device once."""
    seen: dict[tuple, int] = {}
    for entry in state.log.entries("amplitude"):
        for n, event in enumerate(entry.get("events", ())):
            key = (event.get("device_id"), event.get("insert_id"))
            if event.get("insert_id") and entry["at"] - seen.get(key, -SAME) < SAME:
                continue
            seen[key] = entry["at"]
            yield _ingested(event, entry, n)


def _ingested(sent: dict, entry: dict, n: int) -> dict:
    uploaded = _texts(np.array([entry["at"] * 1000]))[0]
    happened = _texts(np.array([sent.get("time") or entry["at"] * 1000]))[0]
    text = sha256(f"{entry['seq']} {n}".encode()).hexdigest()
    who = sha256(str(sent.get("user_id") or sent.get("device_id")).encode()).digest()
    renamed = {"app_version": "version_name", "insert_id": "$insert_id"}
    event = {renamed.get(name, name): value for name, value in sent.items() if name != "time"}
    return (
        {"event_properties": {}, "user_properties": {}, "user_id": None, "device_id": None, "$insert_id": None}
        | event
        | {
            "at": entry["at"],
            "uuid": f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:32]}",
            "amplitude_id": int.from_bytes(who[:5]),
            "event_time": happened,
            "client_event_time": happened,
            "client_upload_time": uploaded,
            "server_received_time": uploaded,
            "server_upload_time": uploaded,
            "processed_time": uploaded,
            "app": 100_001,
        }
    )
