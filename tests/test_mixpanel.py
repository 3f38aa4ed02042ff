"""Mixpanel as its own clients meet it: export, queries, ingestion."""

import base64
import gzip
import json
import time
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import mixpanel as sdk
import pytest
import requests
from mixpanel_utils import MixpanelUtils

from datasets.mess import Mess
from datasets.product import Product, day_of
from datasets.shape import DAY, SHAPE
from datasets.world import World
from environments.saas import Simulator, mixpanel
from environments.saas.app import State
from environments.saas.clock import Clock
from environments.saas.mixpanel_events import generated, lines
from environments.saas.mixpanel_where import BadWhere, where
from environments.saas.web import RequestLimits
from tests.waits import HANG

WEEK = ("2026-06-01", "2026-06-07")
WORLD = World(7, 20)
TOKEN = "a1b2c3"


@pytest.fixture(scope="module")
def running():
    with Simulator(WORLD, modules={"mixpanel": mixpanel}) as saas:
        yield saas


@pytest.fixture
def saas(running):
    """The simulator with nothing written to it."""
    running.reset()
    return running


@pytest.fixture
def keys(saas):
    return saas.as_dict()["mixpanel"]


@pytest.fixture
def ask(keys):
    """GET as the service account."""
    def ask(path: str, **params):
        return requests.get(keys["base_url"] + path, {"project_id": keys["project_id"]} | params,
                            auth=(keys["username"], keys["secret"]), timeout=HANG)

    return ask


@pytest.fixture
def export(ask):
    """The events of a range of days; June's first week where none is given."""
    def export(first: str = WEEK[0], last: str = WEEK[1], **params) -> list[dict]:
        answer = ask("/api/2.0/export", from_date=first, to_date=last, **params)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.iter_lines()]

    return export


def ids(events) -> set:
    return {event["properties"]["$insert_id"] for event in events}


# The export


def test_an_export_holds_every_event_of_its_days(export):
    mess = Mess(Product(WORLD))
    state, days = State.of(WORLD), range(day_of(date(2026, 6, 1)), day_of(date(2026, 6, 8)))
    assert export() == [event for day in days for events in generated(state, mess, day) for event in events]


def test_days_one_by_one_are_the_days_at_once(export):
    assert sum((export(f"2026-06-0{n}", f"2026-06-0{n}") for n in range(1, 8)), []) == export()


def test_every_event_lies_in_the_days_of_utc(export):
    assert {datetime.fromtimestamp(event["properties"]["time"], UTC).strftime("%Y-%m-%d") for event in export()} == {
        f"2026-06-0{n}" for n in range(1, 8)}


def test_both_last_days_are_included(export):
    assert export("2026-06-30", "2026-07-01") and export("2024-06-01", "2024-07-31")


def test_an_export_is_not_deduplicated(export):
    events = export("2026-04-01", "2026-06-30")
    assert len(ids(events)) < len(events)


def test_time_can_be_in_milliseconds(export):
    assert [event["properties"]["time"] // 1000 for event in export(time_in_ms="true")] == [
        event["properties"]["time"] for event in export()
    ]


def test_an_export_is_gzipped_for_who_takes_it(ask, export):
    answer = ask("/api/2.0/export", from_date=WEEK[0], to_date=WEEK[1])
    assert (answer.headers["content-encoding"], len(answer.text.splitlines())) == ("gzip", len(export()))


def test_an_export_is_plain_for_who_does_not(keys, export):
    answer = requests.get(
        keys["base_url"] + "/api/2.0/export",
        {"project_id": keys["project_id"], "from_date": WEEK[0], "to_date": WEEK[1]},
        auth=(keys["username"], keys["secret"]),
        headers={"Accept-Encoding": "identity"},
        timeout=HANG,
    )
    assert ("content-encoding" in answer.headers, len(answer.text.splitlines())) == (False, len(export()))


def test_only_some_events(export):
    wanted = ["Recipe Viewed", "Order Placed"]
    assert export(event=json.dumps(wanted)) == [event for event in export() if event["event"] in wanted]


@pytest.mark.parametrize("limit", [1, 7, 100_000])
def test_no_more_events_than_the_limit(export, limit):
    assert export(limit=limit) == export()[:limit]


def test_the_second_run_of_a_connector_gets_what_is_newer(export):
    since = SHAPE.now - 26 * DAY
    assert export(where=f'properties["$time"]>=datetime({since})') == [
        event for event in export() if event["properties"]["time"] >= since
    ]


def test_an_empty_day_is_an_empty_answer(ask):
    answer = ask("/api/2.0/export", from_date="2020-01-01", to_date="2020-01-02")
    assert (answer.status_code, answer.text) == (200, "")


@pytest.mark.parametrize("params, said", [
    ({}, "from_date must be given"), ({"from_date": "2026-06-01"}, "to_date must be given"),
    ({"from_date": "yesterday", "to_date": "2026-06-01"}, "from_date must be given"),
    ({"from_date": "2026-6-1", "to_date": "2026-06-01"}, "from_date must be given"),
    ({"from_date": "2026-06-01", "to_date": "2026-02-30"}, "to_date must be given"),
    ({"from_date": "2026-06-02", "to_date": "2026-06-01"}, "later than to_date"),
    ({"from_date": "2026-06-01", "to_date": "2026-07-02"}, "to_date cannot be later than today"),
    ({"from_date": "2026-06-01", "to_date": "2026-06-01", "event": "Order Placed"}, "JSON array"),
    ({"from_date": "2026-06-01", "to_date": "2026-06-01", "limit": "100001"}, "limit"),
    ({"from_date": "2026-06-01", "to_date": "2026-06-01", "limit": "-1"}, "limit"),
    ({"from_date": "2026-06-01", "to_date": "2026-06-01", "where": "drop table"}, "where")])
def test_a_broken_question_is_told_in_mixpanels_envelope(ask, params, said):
    answer = ask("/api/2.0/export", **params)
    assert (answer.status_code, sorted(answer.json()), said in answer.json()["error"]) == (
        400,
        ["error", "status"],
        True,
    )


def test_unknown_parameters_are_passed_over_as_mixpanel_does(export):
    assert export(nonsense="1") == export()


@pytest.mark.parametrize(
    "path",
    [
        "/api/query/segmentation", "/api/query/insights", "/api/query/retention", "/api/query/events/names",
        "/api/app/me",
    ],
)
def test_what_mixpanel_has_and_the_simulator_has_not_does_not_look_missing(ask, path):
    answer = ask(path)
    assert (answer.status_code, "This simulator does not serve" in answer.json()["error"]) == (501, True)


@pytest.mark.parametrize("name, value", [("behaviors", "[]"), ("as_of_timestamp", "1"), ("data_group_id", "7")])
def test_a_parameter_that_is_not_served_says_so(ask, name, value):
    answer = ask("/api/query/engage", **{name: value})
    assert (answer.status_code, "This simulator does not serve" in answer.json()["error"]) == (400, True)


# The project's time zone

@pytest.fixture(scope="module")
def old_project():
    """The same events in a project of Los Angeles which is older than 2023."""
    with Simulator(WORLD, modules={"mixpanel": mixpanel}, timezone="America/Los_Angeles") as saas:
        yield saas.as_dict()["mixpanel"]


def asked(keys, path, **params):
    return requests.get(
        keys["base_url"] + path,
        {"project_id": keys["project_id"]} | params,
        auth=(keys["username"], keys["secret"]),
        timeout=HANG,
    )


def from_old(keys, first, last, **params):
    return [
        json.loads(line)
        for line in asked(keys, "/api/2.0/export", from_date=first, to_date=last, **params).iter_lines()
    ]


@pytest.mark.parametrize("unit", [{}, {"time_in_ms": "true"}])
def test_an_old_project_keeps_moments_in_its_own_zone(old_project, export, unit):
    in_utc = {event["properties"]["$insert_id"]: event["properties"]["time"] for event in export(**unit)}
    shown = {
        event["properties"]["$insert_id"]: event["properties"]["time"] for event in from_old(old_project, *WEEK, **unit)
    }
    both, second = in_utc.keys() & shown.keys(), 1000 if unit else 1
    assert {(in_utc[id] - shown[id]) / second for id in both} == {7 * 3600} and len(both) > len(in_utc) / 2


def test_a_day_of_an_old_project_begins_at_its_own_midnight(old_project):
    events = from_old(old_project, "2026-06-02", "2026-06-02")
    assert events and {datetime.fromtimestamp(event["properties"]["time"], UTC).date() for event in events} == {
        date(2026, 6, 2)
    }


def test_days_of_an_old_project_hold_every_event_once(old_project, export):
    """Also over the night on which the clocks go forward."""
    one_by_one = [
        event for day in range(6, 11) for event in from_old(old_project, f"2026-03-{day:02}", f"2026-03-{day:02}")
    ]
    inside = [event for event in export("2026-03-07", "2026-03-09")]
    assert len(one_by_one) == len(from_old(old_project, "2026-03-06", "2026-03-10")) and ids(inside) <= ids(one_by_one)


def test_a_condition_on_time_means_the_projects_time(old_project):
    edge = int(datetime(2026, 6, 2, 12, tzinfo=UTC).timestamp())
    day = from_old(old_project, "2026-06-02", "2026-06-02")
    assert ids(
        from_old(old_project, "2026-06-02", "2026-06-02", where=f'properties["$time"] >= datetime({edge})')
    ) == ids(event for event in day if event["properties"]["time"] >= edge)


def test_dates_of_profiles_and_cohorts_are_the_projects_too(old_project, ask):
    there, here = (f("/api/query/cohorts/list").json()[0]["created"] for f in (lambda p: asked(old_project, p), ask))
    seen = [
        f("/api/query/engage").json()["results"][0]["$properties"]["$last_seen"]
        for f in (lambda p: asked(old_project, p), ask)
    ]
    assert (here, there) == ("2024-07-01 00:00:00", "2024-06-30 17:00:00") and seen[0] < seen[1]


def test_what_was_sent_to_an_old_project_is_shown_in_its_zone(old_project):
    at = int(datetime(2026, 6, 2, 3, tzinfo=UTC).timestamp())  # the evening of the first of June there
    requests.post(
        old_project["base_url"] + "/track",
        json=[{"event": "Sent", "properties": {"token": "t", "time": at, "distinct_id": "zoe"}}],
        timeout=HANG,
    )
    events = from_old(old_project, "2026-06-01", "2026-06-01", event='["Sent"]')
    assert [event["properties"]["time"] for event in events] == [at - 7 * 3600]


@pytest.mark.slow
def test_an_export_takes_no_more_memory_for_more_days():
    state = State.of(World(7, 300))
    mess = Mess(Product(state.world))
    _consumed(state, mess, range(500, 502))
    assert _consumed(state, mess, range(500, 510)) < 1.5 * _consumed(state, mess, range(508, 510))


def _consumed(state, mess, days) -> int:
    """The most bytes that were held while lines of some days were made."""
    tracemalloc.start()
    for day in days:
        for events in generated(state, mess, day):
            lines(events)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


# Who people are


def test_before_anybody_is_known_the_id_is_the_devices(export):
    anonymous = [event["properties"] for event in export() if "$user_id" not in event["properties"]]
    assert anonymous and all(
        properties["distinct_id"] == f"$device:{properties['$device_id']}" for properties in anonymous
    )


def test_from_the_sign_up_on_it_is_the_users(export):
    known = [event["properties"] for event in export() if "$user_id" in event["properties"]]
    assert known and all(
        properties["distinct_id"] == properties["$user_id"] and properties["$device_id"] for properties in known
    )


def test_the_real_clock_moves_every_event_by_whole_days():
    with Simulator(WORLD, clock=Clock.real(), modules={"mixpanel": mixpanel}) as moved:
        keys = moved.as_dict()["mixpanel"]
        day = (datetime.now(UTC) - timedelta(days=2)).strftime("%Y-%m-%d")
        answer = requests.get(
            keys["base_url"] + "/api/2.0/export",
            {"from_date": day, "to_date": day},
            auth=(keys["api_secret"], ""),
            timeout=HANG,
        )
        times = [json.loads(line)["properties"]["time"] for line in answer.iter_lines()]
    assert times and all(time.time() - 3 * DAY < at < time.time() for at in times)


# Who may ask


@pytest.mark.parametrize(
    "status, user, secret, project",
    [
        (200, "username", "secret", True),
        (400, "username", "secret", False),
        (200, "api_secret", "", False),
        (401, "username", "nonsense", True),
        (401, "nonsense", "secret", True),
        (401, "", "", True),
    ],
)
def test_only_who_has_a_key_may_ask(keys, status, user, secret, project):
    params = {"from_date": WEEK[0], "to_date": WEEK[0]} | ({"project_id": keys["project_id"]} if project else {})
    answer = requests.get(
        keys["base_url"] + "/api/2.0/export",
        params,
        auth=(keys.get(user, user), keys.get(secret, secret)),
        timeout=HANG,
    )
    assert answer.status_code == status


def test_another_project_is_refused(ask):
    assert ask("/api/query/cohorts/list", project_id="1").status_code == 403


def test_the_projects_secret_may_come_without_a_colon(keys):
    said = "Basic " + base64.b64encode(keys["api_secret"].encode()).decode()
    assert (
        requests.get(
            keys["base_url"] + "/api/query/cohorts/list", headers={"Authorization": said}, timeout=HANG
        ).status_code
        == 200
    )


@pytest.mark.parametrize("path", ["/", "/nope", "/api/2.0/export/x", "/api/query"])
def test_unknown_paths_answer_in_mixpanels_envelope(ask, path):
    answer = ask(path)
    assert (answer.status_code, sorted(answer.json())) == (404, ["error", "status"])


# Limits


@pytest.mark.parametrize(
    "moments, taken",
    [([0, 0.1, 0.2, 0.3], 3), ([0, 0.1, 0.2, 1.1], 4), ([n for n in range(61)], 60), ([*range(60), 3601], 61)],
)
def test_exports_are_limited_by_second_and_hour(moments, taken):
    clock = iter(moments)
    limits = RequestLimits(clock=lambda: next(clock))
    assert sum(limits.take() for _ in moments) == taken


def test_what_has_ended_no_longer_counts_as_at_once():
    limits = RequestLimits(second=10, at_once=1)
    first, second = limits.take(), limits.take()
    limits.give()
    assert (first, second, limits.take()) == (True, False, True)


def test_an_api_with_limits_says_429():
    limited = SimpleNamespace(api=lambda state: mixpanel.api(state, RequestLimits(hour=1)), error=mixpanel.error)
    with Simulator(WORLD, modules={"mixpanel": limited}) as saas:
        keys = saas.as_dict()["mixpanel"]
        statuses = [requests.get(keys["base_url"] + "/api/2.0/export", {"from_date": WEEK[0], "to_date": WEEK[0]},
                                 auth=(keys["api_secret"], ""), timeout=HANG).status_code for _ in range(2)]
    assert statuses == [200, 429]


# Expressions


EVENT = {"time": 100, "plan": "duo", "items": 3, "price": "12.5", "new": True, 'a"b': 1}


@pytest.mark.parametrize(
    "text, value",
    [
        ('properties["$time"]>=datetime(100)', True),
        ('properties["$time"] > datetime(100)', False),
        ('properties["time"] == 100', True),
        ('properties["plan"] == "duo"', True),
        ("properties['plan'] != 'solo'", True),
        ('"du" in properties["plan"]', True),
        ('"x" not in properties["plan"]', True),
        ('properties["items"] < 4 and properties["plan"] == "duo"', True),
        ('properties["items"] < 3 or properties["plan"] == "duo"', True),
        ('not (properties["items"] == 3)', False),
        ('defined(properties["gone"])', False),
        ('not defined(properties["gone"])', True),
        ('properties["gone"] > 3', False),
        ('number(properties["price"]) > 12', True),
        ('string(properties["items"]) == "3"', True),
        ('properties["new"] == true', True),
        ('properties["plan"] > 3', False),
        ('properties["a\\"b"] == 1', True),
        ('properties["items"] >= -1.5', True),
        ('(properties["items"] == 3 and (properties["plan"] == "duo"))', True),
    ],
)
def test_an_expression_is_true_or_not(text, value):
    assert where(text)(EVENT) is value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "properties",
        'properties["a"',
        'properties["a"] >=',
        "datetime(",
        "and",
        "1 2",
        "a == 1",
        "'open",
        "__import__('os')",
        "(" * 10_000,
        "not " * 10_000,
        'properties[1] == 1',
        "1 == 1)",
        "\x00",
        "é == 1",
    ],
)
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(BadWhere):
        where(text)


# Its own clients


@pytest.fixture
def utils(keys):
    client = MixpanelUtils(
        keys["secret"], token=TOKEN, service_account_username=keys["username"], project_id=int(keys["project_id"])
    )
    client.raw_api = client.formatted_api = keys["base_url"] + "/api"
    client.import_api = keys["base_url"]
    return client


@pytest.fixture
def official(keys):
    return sdk.Mixpanel(TOKEN, consumer=_consumer(keys))


def _consumer(keys, **more):
    base = keys["base_url"]
    return sdk.Consumer(
        events_url=base + "/track",
        people_url=base + "/engage",
        import_url=base + "/import",
        groups_url=base + "/groups",
        **more,
    )


@pytest.mark.parametrize("gzipped", [True, False])
def test_mixpanel_utils_exports(utils, export, gzipped):
    assert utils.query_export({"from_date": WEEK[0], "to_date": WEEK[1]}, add_gzip_header=gzipped) == export()


def test_mixpanel_utils_reads_every_profile(utils):
    assert len({profile["$distinct_id"] for profile in utils.query_engage({"page_size": 10})}) == len(
        Product(WORLD).cast.home
    )


def test_mixpanel_utils_imports(utils, export):
    events = [
        {
            "event": "Imported",
            "properties": {"time": SHAPE.now - 3600 + n, "distinct_id": f"user_{n}", "$insert_id": f"import-{n}"},
        }
        for n in range(5)
    ]
    utils.import_events(events, timezone_offset=0)
    found = [event for event in export("2026-06-30", "2026-06-30") if event["event"] == "Imported"]
    assert ids(found) == ids(events)


def test_the_sdk_tracks(official, export):
    official.track("user_1", "Clicked", {"colour": "red"})
    [found] = [event for event in export("2026-06-01", "2026-07-01") if event["event"] == "Clicked"]
    assert (found["properties"]["distinct_id"], found["properties"]["colour"], "token" in found["properties"]) == (
        "user_1",
        "red",
        False,
    )


def test_the_sdk_imports_the_past(official, keys, export):
    official.import_data("unused", "user_1", "Remembered", SHAPE.now - 40 * DAY, api_secret=keys["api_secret"])
    assert [event["event"] for event in export("2026-05-01", "2026-06-30") if event["event"] == "Remembered"] == [
        "Remembered"
    ]


def test_the_sdk_imports_as_a_service_account(keys, export):
    account = sdk.ServiceAccountCredentials(keys["username"], keys["secret"], keys["project_id"])
    sdk.Mixpanel(TOKEN, consumer=_consumer(keys, credentials=account)).import_data(
        None, "user_1", "Remembered", SHAPE.now - 40 * DAY
    )
    assert "Remembered" in {event["event"] for event in export("2026-05-01", "2026-06-30")}


def test_the_sdk_changes_profiles(official, utils):
    official.people_set("user_000001", {"plan": "duo"})
    official.people_increment("user_000001", {"orders": 2})
    official.people_append("user_000001", {"likes": "soup"})
    [profile] = [changed["$properties"] for changed in utils.query_engage() if changed["$distinct_id"] == "user_000001"]
    assert (profile["plan"], profile["orders"], profile["likes"]) == ("duo", 2, ["soup"])


def test_a_deleted_profile_is_gone(official, utils):
    official.people_delete("user_000001")
    assert "user_000001" not in {profile["$distinct_id"] for profile in utils.query_engage()}


def test_the_sdk_buffers(keys, export):
    buffered = sdk.BufferedConsumer(max_size=10, events_url=keys["base_url"] + "/track")
    client = sdk.Mixpanel(TOKEN, consumer=buffered)
    for n in range(25):
        client.track(f"user_{n}", "Clicked", {"time": SHAPE.now - 60})
    buffered.flush()
    assert len([event for event in export("2026-06-30", "2026-06-30") if event["event"] == "Clicked"]) == 25


# Ingestion as it is documented


def post(keys, path: str, **options):
    return requests.post(keys["base_url"] + path, timeout=HANG, **options)


CLICK = {
    "event": "Clicked",
    "properties": {"token": TOKEN, "time": SHAPE.now - 60, "distinct_id": "u1", "$insert_id": "i1"},
}


@pytest.mark.parametrize(
    "options",
    [
        {"data": {"data": json.dumps(CLICK), "verbose": 1}},
        {"data": {"data": base64.b64encode(json.dumps([CLICK]).encode()).decode(), "verbose": 1}},
        {"json": [CLICK]},
        {
            "data": gzip.compress(json.dumps(CLICK).encode()),
            "headers": {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        },
    ],
    ids=["form", "base64", "json", "gzip"],
)
def test_every_form_of_tracking_is_understood(keys, export, options):
    answer = post(keys, "/track", **options)
    assert (answer.json(), ids(export("2026-06-30", "2026-06-30")) >= {"i1"}) == ({"status": 1, "error": None}, True)


def test_without_verbose_the_answer_is_a_digit(keys):
    assert post(keys, "/track", data={"data": json.dumps(CLICK)}).text == "1"


def test_the_same_event_twice_is_twice_in_the_export(keys, export):
    for _ in range(2):
        post(keys, "/track", json=CLICK)
    assert [event["properties"]["$insert_id"] for event in export("2026-06-30", "2026-06-30")].count("i1") == 2


def test_an_event_without_an_insert_id_gets_one(keys, export):
    post(keys, "/track", json={"event": "Bare", "properties": {"distinct_id": "u1", "time": SHAPE.now - 60}})
    assert [
        bool(event["properties"]["$insert_id"])
        for event in export("2026-06-30", "2026-06-30")
        if event["event"] == "Bare"
    ] == [True]


@pytest.mark.parametrize("missing", ["time", "distinct_id", "$insert_id"])
def test_strict_import_names_what_is_wrong(keys, missing):
    broken = {
        "event": "Clicked",
        "properties": {name: value for name, value in CLICK["properties"].items() if name != missing},
    }
    answer = post(keys, "/import?strict=1", json=[CLICK, broken], auth=(keys["api_secret"], ""))
    said = answer.json()
    assert (
        answer.status_code,
        said["num_records_imported"],
        said["failed_records"][0]["index"],
        said["failed_records"][0]["field"],
    ) == (400, 1, 1, f"properties.{missing}")


def test_import_wants_a_key(keys):
    assert post(keys, "/import", json=[CLICK]).status_code == 401


@pytest.mark.parametrize(
    "path, options",
    [
        ("/track", {"data": {"data": "%%%"}}),
        ("/track", {"json": 3}),
        ("/track", {"data": b"\xff", "headers": {"Content-Type": "application/json"}}),
        ("/track", {"data": b"x", "headers": {"Content-Type": "application/json", "Content-Encoding": "gzip"}}),
        ("/engage", {"json": [3]}),
    ],
)
def test_broken_writes_are_refused_in_mixpanels_envelope(keys, path, options):
    answer = post(keys, path, **options)
    assert (answer.status_code, sorted(answer.json())) == (400, ["error", "status"])


def test_a_broken_event_is_told_and_not_kept(keys):
    answer = post(keys, "/track", json={"event": "", "properties": {}})
    assert answer.json()["status"] == 0


# What connectors ask beside events


def test_cohorts_can_be_listed_and_read(ask):
    cohorts = {cohort["id"]: cohort["count"] for cohort in ask("/api/query/cohorts/list").json()}
    assert {
        id: ask("/api/query/engage", filter_by_cohort=json.dumps({"id": id})).json()["total"] for id in cohorts
    } == cohorts


def test_profiles_come_by_page(ask):
    pages = [ask("/api/query/engage", page=n, page_size=10).json() for n in range(5)]
    assert len({profile["$distinct_id"] for page in pages for profile in page["results"]}) == pages[0]["total"]


def test_profiles_can_be_chosen_by_when_they_were_seen(ask):
    found = ask("/api/query/engage", where='properties["$last_seen"] >= "2026-06-01T00:00:00Z"').json()["results"]
    assert found and all(profile["$properties"]["$last_seen"] >= "2026-06-01" for profile in found)


def test_profiles_can_be_chosen_by_id_and_shown_in_part(ask):
    two = [profile["$distinct_id"] for profile in ask("/api/query/engage").json()["results"][:2]]
    found = ask("/api/query/engage", distinct_ids=json.dumps(two), output_properties='["$email"]').json()["results"]
    alone = ask("/api/query/engage", distinct_id=two[1]).json()["results"]
    assert (
        [profile["$distinct_id"] for profile in found],
        {tuple(profile["$properties"]) for profile in found},
        [profile["$distinct_id"] for profile in alone],
    ) == (two, {("$email",)}, two[1:])


def test_the_properties_of_one_event_are_named(ask):
    every, some = (
        set(ask("/api/query/events/properties/top", **params).json()) for params in ({}, {"event": "Order Placed"})
    )
    assert "order_id" in some and some < every


def test_the_properties_of_events_are_named(ask, export):
    assert {name for event in export("2026-06-30", "2026-06-30") for name in event["properties"]} == set(
        ask("/api/query/events/properties/top", limit=1000).json()
    )


def test_the_properties_of_profiles_are_named(ask):
    assert ask("/api/query/engage/properties").json()["results"]["$email"]["type"] == "string"


@pytest.mark.parametrize(
    "path", ["cohorts/list", "events/properties/top", "engage/properties", "engage", "annotations", "funnels/list"]
)
def test_older_clients_ask_without_query(ask, path):
    assert ask(f"/api/2.0/{path}").json() == ask(f"/api/query/{path}").json()
