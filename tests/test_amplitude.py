"""Amplitude as its own clients meet it: the export by upload hour, the dashboard API, ingestion."""

import gzip
import io
import json
import tracemalloc
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import amplitude as sdk
import pytest
import requests

from datasets.mess import Mess
from datasets.product import Product, day_of
from datasets.product_sessions import start_of
from datasets.shape import DAY, SHAPE
from datasets.world import World
from environments.saas import Simulator, amplitude
from environments.saas.amplitude import BYTES, Sink, zipped
from environments.saas.amplitude_events import exported
from environments.saas.app import State
from environments.saas.clock import Clock
from environments.waiting import wait_until
from tests.waits import HANG

WORLD = World(7, 20)
FIRST, LAST = "20260601T00", "20260607T23"
HOUR = 3600


@pytest.fixture(scope="module")
def running():
    with Simulator(WORLD, modules={"amplitude": amplitude}) as saas:
        yield saas


@pytest.fixture
def saas(running):
    """The simulator with nothing written to it."""
    running.reset()
    return running


@pytest.fixture
def keys(saas):
    return saas.as_dict()["amplitude"]


@pytest.fixture
def ask(keys):
    def ask(path: str, **params):
        return requests.get(keys["base_url"] + path, params, auth=(keys["api_key"], keys["secret_key"]), timeout=HANG)

    return ask


@pytest.fixture
def export(ask):
    """The events of some hours; the first week of June where none are given."""
    def export(start: str = FIRST, end: str = LAST) -> list[dict]:
        return unpacked(ask("/api/2/export", start=start, end=end).content)

    return export


def unpacked(content: bytes) -> list[dict]:
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        return [
            json.loads(line) for name in whole.namelist() for line in gzip.decompress(whole.read(name)).splitlines()
        ]


def ids(events) -> list[str]:
    return sorted(event["uuid"] for event in events)


# The export


def test_an_export_holds_all_that_was_uploaded_in_its_hours(export):
    first = start_of(day_of(date(2026, 6, 1)))
    due = [
        event
        for _, events in exported(State.of(WORLD), Mess(Product(WORLD)), first, first + 7 * DAY)
        for event in events
    ]
    assert ids(export()) == ids(due)


def test_both_hours_are_included(export):
    hours = Counter(event["server_upload_time"][:13] for event in export())
    busy = max(hours, key=hours.get)
    hour = datetime.strptime(busy, "%Y-%m-%d %H").strftime("%Y%m%dT%H")
    assert len(export(hour, hour)) == hours[busy]


def test_days_one_by_one_are_the_days_at_once(export):
    assert ids(sum((export(f"2026060{n}T00", f"2026060{n}T23") for n in range(1, 8)), [])) == ids(export())


def test_hours_one_by_one_are_the_day(ask):
    parts = [ask("/api/2/export", start=f"20260601T{hour:02}", end=f"20260601T{hour:02}") for hour in range(24)]
    found = [event for part in parts if part.status_code == 200 for event in unpacked(part.content)]
    assert ids(found) == ids(unpacked(ask("/api/2/export", start="20260601T00", end="20260601T23").content))


def test_late_events_come_with_the_hour_of_their_upload(export):
    late = [
        event
        for event in export("20260601T00", "20260630T23")
        if event["event_time"][:10] < event["server_upload_time"][:10]
    ]
    assert late and all(event["event_time"] < event["server_upload_time"] for event in late)


def test_every_event_has_a_uuid_of_its_own(export):
    assert max(Counter(ids(export("20260101T00", "20260228T23"))).values()) == 1


def test_the_zip_has_one_folder_and_no_entry_for_it(ask):
    names = zipfile.ZipFile(io.BytesIO(ask("/api/2/export", start=FIRST, end=LAST).content)).namelist()
    assert {name.split("/")[0] for name in names} == {"100001"} and all(
        name.count("/") == 1 and name.endswith(".json.gz") for name in names) and len(set(names)) == len(names)


def test_a_files_name_says_its_hour(ask):
    with zipfile.ZipFile(io.BytesIO(ask("/api/2/export", start=FIRST, end=LAST).content)) as whole:
        hours = {
            (
                name.split("_", 1)[1].split("#")[0],
                f"{first['server_upload_time'][:10]}_{int(first['server_upload_time'][11:13])}",
            )
            for name in whole.namelist()
            for first in [json.loads(gzip.decompress(whole.read(name)).splitlines()[0])]
        }
    assert all(said == true for said, true in hours)


def test_a_range_without_data_is_not_found(ask):
    answer = ask("/api/2/export", start="20200101T00", end="20200101T23")
    assert (answer.status_code, sorted(answer.json())) == (404, ["code", "error"])


@pytest.mark.parametrize(
    "start, end",
    [
        (None, None),
        (FIRST, None),
        ("yesterday", LAST),
        (LAST, FIRST),
        ("20250101T00", "20260601T00"),
        ("20260601", "20260602"),
        ("99999999T99", LAST),
        ("20260601T5", LAST),
        ("20260601t05", LAST),
    ],
)
def test_a_broken_range_is_told_in_amplitudes_envelope(ask, start, end):
    answer = ask("/api/2/export", **{name: value for name, value in {"start": start, "end": end}.items() if value})
    assert (answer.status_code, sorted(answer.json())) == (400, ["code", "error"])


def test_365_days_can_be_asked_for(ask):
    assert ask("/api/2/export", start="20230715T00", end="20240714T00").status_code == 200


def test_too_much_for_one_export_is_told(ask, monkeypatch):
    monkeypatch.setattr(amplitude, "LARGEST", 1000)
    answer = ask("/api/2/export", start=FIRST, end=LAST)
    assert (answer.status_code, "too large" in answer.json()["error"]) == (400, True)


def test_what_is_told_about_a_size_is_about_right(ask, export):
    size = len(ask("/api/2/export", start=FIRST, end=LAST).content)
    first = start_of(day_of(date(2026, 6, 1)))
    assert 0.3 < Product(WORLD).about(first, first + 7 * DAY) * BYTES / size < 3


def test_a_zip_of_nothing_is_nothing():
    assert list(zipped(iter(()))) == []


def test_what_was_taken_from_a_sink_is_gone():
    sink = Sink()
    sink.write(b"ab")
    assert (sink.taken(), sink.taken()) == (b"ab", b"")


@pytest.mark.slow
def test_an_export_takes_no_more_memory_for_more_days():
    state = State.of(World(7, 300))
    mess = Mess(Product(state.world))
    _consumed(state, mess, 500, 2)
    assert _consumed(state, mess, 500, 8) < 1.5 * _consumed(state, mess, 506, 2)


def _consumed(state, mess, day: int, days: int) -> int:
    """The most bytes that were held while some days were zipped."""
    tracemalloc.start()
    for _ in zipped(exported(state, mess, start_of(day), start_of(day + days))):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


# Who people are


def test_before_anybody_is_known_there_is_a_device_and_no_user(export):
    assert any(event["user_id"] is None for event in export()) and all(event["device_id"] for event in export())


@pytest.mark.slow
def test_a_person_has_one_amplitude_id_before_and_after_signing_up(export):
    events = export("20260301T00", "20260531T23")
    of_device = {}
    for event in events:
        of_device.setdefault(event["device_id"], set()).add(event["amplitude_id"])
    anonymous_first = {event["device_id"] for event in events if event["user_id"] is None} & {
        event["device_id"] for event in events if event["user_id"]
    }
    assert anonymous_first and all(len(of_device[device]) == 1 for device in anonymous_first)


def test_a_wrong_clock_is_corrected_in_event_time(export):
    wrong = [
        event for event in export("20260501T00", "20260630T23") if event["client_event_time"] != event["event_time"]
    ]
    assert wrong and all(abs(_gap(event, "event_time", "server_upload_time")) < 60 for event in wrong)


def _gap(event: dict, first: str, second: str) -> float:
    return (datetime.fromisoformat(event[second]) - datetime.fromisoformat(event[first])).total_seconds()


def test_a_session_is_named_by_the_moment_of_its_first_event(export):
    whole = [event for event in export("20260601T00", "20260603T23") if event["session_id"] >= 1_780_272_000_000]
    firsts = {}
    for event in whole:
        key = (event["device_id"], event["session_id"])
        firsts[key] = min(firsts.get(key, "9"), event["event_time"])
    assert all(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000 == pytest.approx(session, abs=1)
               for (_, session), text in firsts.items())


def test_the_real_clock_moves_every_event_by_whole_days():
    with Simulator(WORLD, clock=Clock.real(), modules={"amplitude": amplitude}) as moved:
        keys = moved.as_dict()["amplitude"]
        day = datetime.now(UTC) - timedelta(days=2)
        answer = requests.get(
            keys["base_url"] + "/api/2/export",
            {"start": f"{day:%Y%m%d}T00", "end": f"{day:%Y%m%d}T23"},
            auth=(keys["api_key"], keys["secret_key"]),
            timeout=HANG,
        )
    assert {event["server_upload_time"][:10] for event in unpacked(answer.content)} == {f"{day:%Y-%m-%d}"}


# Who may ask


@pytest.mark.parametrize(
    "user, password", [("api_key", "nonsense"), ("nonsense", "secret_key"), ("secret_key", "api_key"), ("", "")]
)
def test_only_who_has_both_keys_may_ask(keys, user, password):
    answer = requests.get(keys["base_url"] + "/api/2/export", {"start": FIRST, "end": LAST},
                          auth=(keys.get(user, user), keys.get(password, password)), timeout=HANG)
    assert (answer.status_code, sorted(answer.json())) == (401, ["code", "error"])


@pytest.mark.parametrize("path", ["/", "/nope", "/api/2", "/api/2/export/x"])
def test_unknown_paths_answer_in_amplitudes_envelope(ask, path):
    assert (ask(path).status_code, sorted(ask(path).json())) == (404, ["code", "error"])


# What connectors ask beside events


def test_active_users_are_those_with_an_event(ask):
    product, day = Product(WORLD), day_of(date(2026, 6, 3))
    apps = {
        visitor for sessions in [product.sessions(day)] for visitor in sessions.where(~sessions.web).visitor().tolist()
    }
    assert ask("/api/2/users", start="20260603", end="20260603", m="active").json()["data"]["series"] == [[len(apps)]]


def test_active_users_come_by_day(ask):
    data = ask("/api/2/users", start="20260601", end="20260603", m="active", i="1").json()["data"]
    assert (data["xValues"], [len(day) for day in data["series"]], data["seriesLabels"]) == (
        ["2026-06-01", "2026-06-02", "2026-06-03"], [3], ["Active"])


def test_active_users_by_country_add_up(ask):
    alone = ask("/api/2/users", start="20260601", end="20260610").json()["data"]["series"][0]
    grouped = ask("/api/2/users", start="20260601", end="20260610", g="country").json()["data"]
    assert [sum(day) for day in zip(*grouped["series"], strict=True)] == alone
    assert set(grouped["seriesLabels"]) == {"Canada", "United States"}


@pytest.mark.parametrize("params", [{"g": "platform"}, {"i": "7"}, {"s": '[{"prop": "country"}]'}])
def test_a_parameter_that_is_not_served_says_so(ask, params):
    answer = ask("/api/2/users", start="20260601", end="20260610", **params)
    assert (answer.status_code, "This simulator does not serve" in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    "path",
    [
        "/api/2/events/segmentation", "/api/2/funnels", "/api/2/retention", "/api/2/sessions/length",
        "/api/5/cohorts/request/x",
    ],
)
def test_what_amplitude_has_and_the_simulator_has_not_does_not_look_missing(ask, path):
    answer = ask(path)
    assert (answer.status_code, "This simulator does not serve" in answer.json()["error"]) == (501, True)


def test_sessions_have_a_length(ask):
    assert all(
        30 < seconds < 3600
        for seconds in ask("/api/2/sessions/average", start="20260601", end="20260607").json()["data"]["series"][0]
    )


def test_days_outside_the_world_have_nobody(ask):
    assert ask("/api/2/users", start="20200101", end="20200102").json()["data"]["series"] == [[0, 0]]


def test_the_names_of_events_are_listed(ask, export):
    listed = {name["name"]: name["totals"] for name in ask("/api/2/events/list").json()["data"]}
    uploaded = Counter(
        event["event_type"] for event in export("20260624T00", "20260630T23") if event["event_time"] >= "2026-06-24"
    )
    assert listed.keys() >= uploaded.keys() and listed["App Opened"] >= uploaded["App Opened"]


@pytest.mark.parametrize(
    "path, field, some", [("/api/3/cohorts", "cohorts", True), ("/api/2/annotations", "data", False)]
)
def test_other_lists_are_there(ask, path, field, some):
    assert bool(ask(path).json()[field]) is some


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"start": "20260601"},
        {"start": "20260602", "end": "20260601"},
        {"start": "20200101", "end": "20260601"},
        {"start": "20260601", "end": "20260601", "m": "nonsense"},
        {"start": "202661", "end": "20260601"},
    ],
)
def test_broken_days_are_told(ask, params):
    assert ask("/api/2/users", **params).status_code == 400


# Ingestion

NOW = datetime.fromtimestamp(SHAPE.now, UTC)
THIS_HOUR = f"{NOW:%Y%m%dT%H}"


@pytest.fixture(params=["/2/httpapi", "/batch"])
def client(request, keys):
    """Amplitude's own client, all of its events sent at once by `flush`."""
    told = []
    options = sdk.Config(api_key=keys["api_key"], server_url=keys["base_url"] + request.param, flush_interval_millis=50,
                         callback=lambda event, code, message=None: told.append(code))
    made = sdk.Amplitude(keys["api_key"], options)
    made.told = told
    yield made
    made.shutdown()


def test_the_sdk_tracks(client, export):
    client.track(sdk.BaseEvent("Clicked", user_id="user_1", event_properties={"colour": "red"}))
    client.flush()
    wait_until(lambda: client.told, HANG, "the answer to an event", lambda: "")
    [found] = export(THIS_HOUR, THIS_HOUR)
    assert (client.told, found["event_type"], found["user_id"], found["event_properties"]) == (
        [200],
        "Clicked",
        "user_1",
        {"colour": "red"},
    )


def test_the_sdk_identifies(client, export):
    client.identify(sdk.Identify().set("plan", "duo"), sdk.EventOptions(user_id="user_1"))
    client.flush()
    wait_until(lambda: client.told, HANG, "the answer to an event", lambda: "")
    assert [(event["event_type"], event["user_properties"]) for event in export(THIS_HOUR, THIS_HOUR)] == [
        ("$identify", {"$set": {"plan": "duo"}})
    ]


def post(keys, path: str = "/2/httpapi", **body):
    return requests.post(keys["base_url"] + path, json={"api_key": keys["api_key"]} | body, timeout=HANG)


CLICK = {"event_type": "Clicked", "user_id": "user_1", "device_id": "device_1", "insert_id": "i1"}


def test_an_upload_is_counted(keys):
    said = post(keys, events=[CLICK, CLICK | {"insert_id": "i2"}]).json()
    assert (said["code"], said["events_ingested"], said["server_upload_time"]) == (200, 2, SHAPE.now * 1000)


def test_an_insert_id_counts_once_for_a_device(keys, export):
    post(keys, events=[CLICK])
    post(keys, events=[CLICK, CLICK | {"device_id": "device_2"}])
    assert sorted(event["device_id"] for event in export(THIS_HOUR, THIS_HOUR)) == ["device_1", "device_2"]


def test_an_identify_without_an_event_is_taken(keys):
    answer = requests.post(
        keys["base_url"] + "/identify",
        data={
            "api_key": keys["api_key"],
            "identification": json.dumps([{"user_id": "user_1", "user_properties": {"plan": "duo"}}]),
        },
        timeout=HANG,
    )
    assert (answer.status_code, answer.text) == (200, "success")


@pytest.mark.parametrize(
    "event, kind, field",
    [
        ({"user_id": "user_1"}, "events_with_missing_fields", "event_type"),
        ({"event_type": "Clicked"}, "events_with_missing_fields", "device_id"),
        ({"event_type": "Clicked", "user_id": "u"}, "events_with_invalid_id_lengths", "user_id"),
        ({"event_type": "Clicked", "user_id": "user_1", "time": "now"}, "events_with_invalid_fields", "time"),
    ],
)
def test_a_broken_event_is_named_and_nothing_kept(keys, ask, event, kind, field):
    answer = post(keys, events=[CLICK, event])
    assert (
        answer.status_code,
        answer.json()[kind],
        ask("/api/2/export", start=THIS_HOUR, end=THIS_HOUR).status_code,
    ) == (400, {field: [1]}, 404)


@pytest.mark.parametrize(
    "body", [{"api_key": None, "events": []}, {"api_key": "nonsense", "events": []}, {"events": 3}, {"events": [3]}, {}]
)
def test_a_broken_upload_is_told_in_amplitudes_envelope(keys, body):
    answer = post(keys, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)


def test_a_shorter_id_may_be_allowed(keys):
    assert post(keys, events=[CLICK | {"user_id": "u1"}], options={"min_id_length": 1}).status_code == 200


def test_what_is_no_json_is_refused(keys):
    assert requests.post(keys["base_url"] + "/2/httpapi", data=b"\xff{", timeout=HANG).status_code == 400
