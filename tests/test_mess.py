"""The mess is written down event by event, so that an audit can be scored,
and the truth found again by cleaning it away."""

from collections import Counter, defaultdict
from datetime import timedelta

import orjson
import pandas as pd
import pytest

from datasets.mess import DEFECTS, Mess, score, spelt
from datasets.product import Product, date_of
from datasets.product_plan import EVENTS, FUNNEL, NAMES, PLATFORMS
from datasets.product_truth import truth as true_of
from datasets.world import World
from environments.saas.amplitude_events import exported as amplitude_hours
from environments.saas.app import State
from environments.saas.mixpanel_events import generated

PLAIN = {name: plain for plain in NAMES for name in spelt(plain)}
DAYS = range(650, 700)
SECOND = 1000


@pytest.fixture(
    scope="module",
    params=[(7, 6), pytest.param((11, 5), marks=[pytest.mark.slow, pytest.mark.exhaustive])],
    ids="seed {0[0]}, {0[1]} households".format,
)
def state(request):
    return State.of(World(*request.param))


@pytest.fixture(scope="module")
def mess(state):
    return Mess(Product(state.world))


@pytest.fixture(scope="module")
def web(state, mess):
    """Everything that Mixpanel exports."""
    return [
        event
        for day in mess.product.days
        for events in generated(state, mess, day, milliseconds=True)
        for event in events
    ]


@pytest.fixture(scope="module")
def mobile(state, mess):
    """Everything that Amplitude exports."""
    first, last = (pd.Timestamp(day, tz="UTC") for day in (date_of(0), date_of(len(mess.product.days))))
    return [
        event
        for _, events in amplitude_hours(state, mess, int(first.timestamp()), int(last.timestamp()))
        for event in events
    ]


@pytest.fixture(scope="module")
def defects(mess):
    """Every defect of both years: event ids by defect."""
    frame = pd.concat([mess.defects(day) for day in mess.product.days])
    return frame.groupby("defect")["event_id"].apply(set).to_dict()


# Written down


@pytest.fixture(scope="module")
def crowd():
    return Mess(Product(World(7, 200)))


@pytest.fixture(scope="module")
def written(crowd):
    return pd.concat([crowd.defects(day) for day in DAYS])


@pytest.mark.parametrize("defect", DEFECTS)
def test_every_defect_happens(written, defect):
    assert (written["defect"] == defect).sum() > 5


def test_most_events_are_sound(crowd, written):
    assert written["event_id"].nunique() < 0.3 * sum(len(messy) for day in DAYS for messy in crowd.batches(day))


def test_a_day_of_mess_alone_is_that_day_of_a_run(crowd):
    assert crowd.defects(660).equals(Mess(Product(World(7, 200))).defects(660))


def test_the_mess_changes_nothing_that_happened(crowd):
    happened = sorted(key for e in crowd.product.events(660) for key in e.key.tolist())
    sent = {key for messy in crowd.batches(660) for key in messy.events.key[messy.events.of("kind") != 6].tolist()}
    assert sorted(sent) == happened


def test_what_is_uploaded_on_a_day_adds_up_to_what_happened(crowd):
    uploaded = Counter(key for day in range(640, 660) for messy in crowd.uploaded(day) for key in _sent(messy))
    happened = Counter(key for day in range(643, 657) for messy in crowd.batches(day) for key in _sent(messy))
    assert not happened - uploaded


def _sent(messy):
    return zip(messy.events.key.tolist(), messy.copy.tolist(), strict=True)


def test_nothing_is_uploaded_before_it_happened_or_after_the_worlds_end(crowd):
    assert all((messy.received >= messy.events.time).all() and (messy.received < 1_782_864_000_000).all()
               for day in (*range(0, 720, 30), 728, 729) for messy in crowd.batches(day))


def test_a_wrong_clock_moves_no_event_to_another_day(crowd):
    assert all((messy.events.time // 86_400_000 == (messy.events.time + messy.skew) // 86_400_000).all()
               for day in DAYS for messy in crowd.batches(day))


@pytest.mark.parametrize("name", NAMES)
def test_every_event_has_five_names(name):
    assert (len(set(spelt(name))), spelt(name)[0]) == (5, name)


def test_no_two_events_share_a_name():
    assert len(PLAIN) == 5 * len(NAMES)


# Scored


TRUE = [("a", "late"), ("b", "late"), ("c", "spelling")]


@pytest.mark.parametrize("found, precision, recall", [
    (TRUE, 1, 1), (TRUE[:1], 1, 1 / 3), ([*TRUE, ("d", "late")], 0.75, 1), ([], 1, 0), ([("a", "spelling")], 0, 0),
    (TRUE + TRUE, 1, 1)])
def test_an_audit_is_scored_by_precision_and_recall(found, precision, recall):
    assert score(found, TRUE)["all"] == {"precision": precision, "recall": recall}


def test_an_audit_is_scored_for_each_defect():
    assert score([("a", "late")], TRUE)["late"] == {"precision": 1, "recall": 0.5}


def test_a_frame_is_scored_as_pairs_are():
    assert score(pd.DataFrame(TRUE, columns=["event_id", "defect"]), TRUE)["all"]["recall"] == 1


# Found again in what the tools export: each audit below looks at the exports alone


def _audited(defects, defect: str, found: set) -> tuple[set, set]:
    """What was found and what is true, of one defect."""
    return found, defects.get(defect, set())


def names(web, mobile):
    yield from ((event["properties"]["$insert_id"], event["event"], event["properties"]) for event in web)
    yield from ((event["uuid"], event["event_type"], event["event_properties"]) for event in mobile)


def test_other_spellings_are_those_written_down(web, mobile, defects):
    found, true = _audited(defects, "spelling", {id for id, name, _ in names(web, mobile) if name not in EVENTS})
    assert found == true


def test_missing_properties_are_those_written_down(web, mobile, defects):
    found, true = _audited(
        defects,
        "missing_property",
        {id for id, name, properties in names(web, mobile) if EVENTS[PLAIN[name]].keys() - properties.keys()},
    )
    assert found == true


def test_numbers_as_text_are_those_written_down(web, mobile, defects):
    found, true = _audited(defects, "type_drift", {
        id for id, name, properties in names(web, mobile)
        if any(kind is int and isinstance(properties.get(p), str) for p, kind in EVENTS[PLAIN[name]].items())})
    assert found == true


def test_unknown_platforms_are_those_written_down(web, mobile, defects):
    found, true = _audited(
        defects,
        "enum_drift",
        {id for id, _, properties in names(web, mobile) if properties["platform"] not in PLATFORMS},
    )
    assert found == true


def test_personal_data_is_where_it_is_written_down(web, mobile, defects):
    found, true = _audited(
        defects,
        "personal_data",
        {id for id, _, properties in names(web, mobile) if "@" in str(list(properties.values()))},
    )
    assert found == true


def test_test_accounts_are_those_written_down(web, mobile, defects):
    found = {event["properties"]["$insert_id"] for event in web if event["properties"]["distinct_id"].startswith("qa_")}
    found |= {event["uuid"] for event in mobile if (event["user_id"] or "").startswith("qa_")}
    assert found == defects["test_account"]


def test_events_sent_twice_are_those_written_down(web, defects):
    times = Counter(event["properties"]["$insert_id"] for event in web)
    assert {id for id, n in times.items() if n > 1} == defects.get("duplicate", set())


def test_events_sent_twice_without_an_id_are_those_written_down(web, mobile, defects):
    web_copies = _later_copies(
        (event["properties"]["$insert_id"], event["properties"]["mp_processing_time_ms"], _of_web(event))
        for event in web
    )
    app_copies = _later_copies(
        (event["uuid"], event["server_upload_time"], _of_app(event)) for event in mobile if event["$insert_id"] is None
    )
    assert web_copies | app_copies == defects.get("duplicate_without_id", set())


def _later_copies(rows) -> set:
    same = defaultdict(list)
    for id, received, record in rows:
        same[record].append((received, id))
    return {max(copies)[1] for copies in same.values() if len({id for _, id in copies}) > 1}


def _of_web(event: dict) -> bytes:
    properties = {
        name: value
        for name, value in event["properties"].items()
        if name not in ("$insert_id", "mp_processing_time_ms")
    }
    return orjson.dumps([event["event"], properties], option=orjson.OPT_SORT_KEYS)


def _of_app(event: dict) -> bytes:
    own = ("uuid", "server_upload_time", "server_received_time", "client_upload_time", "processed_time")
    return orjson.dumps({name: value for name, value in event.items() if name not in own}, option=orjson.OPT_SORT_KEYS)


def test_late_events_are_those_written_down(web, mobile, defects):
    day = 12 * 3600 * SECOND
    found = {
        event["properties"]["$insert_id"]
        for event in web
        if event["properties"]["mp_processing_time_ms"] - event["properties"]["time"] > day
    }
    found |= {event["uuid"] for event in mobile if _ms(event["server_upload_time"]) - _ms(event["event_time"]) > day}
    assert found == defects.get("late", set())


def test_wrong_clocks_are_those_written_down(web, mobile, defects):
    hour = 3600 * SECOND
    gaps = {
        event["properties"]["$insert_id"]: event["properties"]["mp_processing_time_ms"] - event["properties"]["time"]
        for event in web
    }
    found = {id for id, gap in gaps.items() if gap < -hour or hour < gap < 12 * hour}
    found |= {event["uuid"] for event in mobile if event["client_event_time"] != event["event_time"]}
    assert found == defects.get("clock_skew", set())


def _ms(text: str) -> int:
    return int(pd.Timestamp(text, tz="UTC").timestamp() * 1000)


# The truth, counted again from the exports after cleaning


@pytest.fixture(scope="module")
def truth(mess):
    return true_of(mess.product)


def test_mixpanel_exports_the_true_number_of_distinct_events(web, truth):
    keys = {
        (
            event["event"],
            event["properties"]["distinct_id"],
            event["properties"]["time"] // 1000,
            event["properties"]["$insert_id"],
        )
        for event in web
    }
    assert (len(keys), len({event["properties"]["$insert_id"] for event in web})) == (truth["mixpanel"]["export"],) * 2


def test_amplitude_exports_the_true_number_of_distinct_events(mobile, truth):
    assert (len({event["uuid"] for event in mobile}), len(mobile)) == (truth["amplitude"]["export"],) * 2


@pytest.fixture(scope="module")
def recounted(web, mobile, defects):
    """Who did what on which day, once names are mapped, devices merged with people, and test accounts left out."""
    web_rows = [
        (
            event["properties"]["$insert_id"],
            event["event"],
            event["properties"]["time"] // 1000,
            event["properties"]["$device_id"],
            event["properties"].get("$user_id"),
            "web",
        )
        for event in web
    ]
    app_rows = [
        (
            event["uuid"],
            event["event_type"],
            _ms(event["event_time"]) // 1000,
            event["device_id"],
            event["user_id"],
            "mobile",
        )
        for event in mobile
    ]
    rows = pd.DataFrame(web_rows + app_rows, columns=["id", "name", "at", "device", "user", "side"])
    rows = rows[~rows["id"].isin(defects["test_account"])]
    owner = rows.dropna(subset="user").drop_duplicates("device").set_index("device")["user"]
    rows["who"] = rows["user"].fillna(rows["device"].map(owner)).fillna(rows["device"])
    rows["day"] = pd.to_datetime(rows["at"], unit="s").dt.strftime("%Y-%m-%d")
    return rows.assign(event=rows["name"].map(PLAIN), month=rows["day"].str[:7])


@pytest.mark.parametrize("side", ["", "web", "mobile"])
def test_active_people_by_day_come_out_again(recounted, truth, side):
    rows = recounted[recounted["side"].str.endswith(side)]
    daily = rows.groupby("day")["who"].nunique()
    true = truth["metrics"]["dau" + (f"_{side}" if side else "")]
    assert {day: int(daily.get(day, 0)) for day in true} == true


@pytest.mark.parametrize("side", ["", "web", "mobile"])
def test_active_people_by_month_come_out_again(recounted, truth, side):
    rows = recounted[recounted["side"].str.endswith(side)]
    monthly = rows.groupby("month")["who"].nunique()
    true = truth["metrics"]["mau" + (f"_{side}" if side else "")]
    assert {month: int(monthly.get(month, 0)) for month in true} == true


def test_active_people_by_week_come_out_again(recounted, truth):
    by_day = recounted.groupby("day")["who"].agg(set)
    sample = [date_of(0) + timedelta(day) for day in range(6, 730, 31)]
    weekly = {
        day.isoformat(): len(set().union(*(by_day.get((day - timedelta(n)).isoformat(), set()) for n in range(7))))
        for day in sample
    }
    assert weekly == {day: truth["metrics"]["wau"][day] for day in weekly}


@pytest.mark.parametrize("period", ["day", "month"])
def test_the_funnel_comes_out_again(recounted, truth, period):
    counted = recounted.groupby([period, "event"])["who"].nunique().to_dict()
    true = {
        key: steps for key, steps in truth["metrics"]["funnel"].items() if len(key) == (10 if period == "day" else 7)
    }
    assert {key: {step: counted.get((key, step), 0) for step in FUNNEL} for key in true} == true
