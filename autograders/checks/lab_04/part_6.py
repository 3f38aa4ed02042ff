"""Checks of Lab 4, part 6: product events."""

import itertools
import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from autograders.checks.lab_04.apis import (
    DAY,
    Shop,
    serving,
    web_event,
)
from autograders.checks.lab_04.common import (
    amplitude_account,
    mixpanel_account,
)
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from autograders.zones import FAR_EAST, FAR_WEST
from environments import faults
from environments.saas.effects import RespondWith

__all__ = ["a_broken_day_ends_the_run", "a_day_has_a_zone", "a_day_is_streamed", "a_quiet_night_is_no_error",
           "copies_share_an_id", "every_day_is_loaded", "every_hour_is_read", "half_a_day_is_an_error",
           "the_latest_copy_can_win", "windows_overlap"]

BROKEN_TITLE = "Crème\u2028brûlée\x85"  # with line ends that str.splitlines knows, and JSON lines do not


@repeatable
def a_day_is_streamed(function) -> None:
    asked = CheckedFunction(
        function,
        look="stream=True, iter_lines(), which gives bytes: a line ends with \\n alone; "
        "and take(batch) whenever it has 1,000",
    )
    shop, number = Shop(), draw.randint(4300, 5700)
    for day, count in (("2026-03-01", 50), ("2026-03-02", number), ("2026-03-03", 50)):
        shop.days[day] = [web_event(day) for _ in range(count)]
    whole = shop.days["2026-03-02"]
    whole[-9:] = draw.sample(whole[:-9], 9)  # copies, as exports are not deduplicated
    for event in draw.sample(whole, 9):
        event["properties"]["title"] = BROKEN_TITLE
    batches: list[list] = []
    hold = shop.hold_exports(after=3000)

    def take(batch) -> None:
        hold.set()
        batches.append(list(batch))

    with serving(shop) as saas:
        got = asked(*mixpanel_account(saas), "2026-03-02", take, when=f"on a day of {number} events")
    asked.expect(bool(batches) and max(map(len, batches)) <= 1000, "1,000 events at a time at most",
                 got=f"called take {len(batches)} times, with {max(map(len, batches), default=0)} events at most")
    asked.expect(
        [event for batch in batches for event in batch] == shop.days["2026-03-02"],
        "all events of the day, each once, in order",
        got=f"gave {sum(map(len, batches))} events, or other ones",
    )
    asked.expect(got == number, f"{number}, how many they were")
    asked.expect(
        not shop.held_in_vain,
        "take to be called while the export is still coming",
        got="read it whole before it gave anything",
    )
    _expect_whole_batches_and_none(asked)


def _expect_whole_batches_and_none(asked: CheckedFunction) -> None:
    shop = Shop()
    shop.days["2026-03-02"] = [web_event("2026-03-02") for _ in range(2000)]
    with serving(shop) as saas:
        for day, number in (("2026-03-02", 2000), ("2026-03-03", 0)):
            taken: list = []
            got = asked(*mixpanel_account(saas), day, _taking(taken), when=f"on a day of {number} events")
            asked.expect(got == number, f"{number}, how many they were")
            asked.expect(taken == shop.days.get(day, []), "all events of the day, each once, in order",
                         got=f"gave {len(taken)} events, or other ones")


def _taking(taken: list):
    return lambda batch: taken.extend(list(batch))


@repeatable
def half_a_day_is_an_error(function) -> None:
    asked = CheckedFunction(
        function,
        look="json.loads raises where a line is cut; requests where the answer is; "
        "raise_for_status() where it is refused",
    )
    shop, number = Shop(), draw.randint(2100, 2900)
    shop.days["2026-03-02"] = [web_event("2026-03-02") for _ in range(number)]
    shop.end_inside_a_line("2026-03-02", percent=50)
    with serving(shop) as saas:
        when = f"on a whole day of {number} events"
        got = asked(*mixpanel_account(saas), "2026-03-02", lambda batch: None, when=when)
        asked.expect(got == number, f"{number}, how many they were")
    for name, fault in (
        ("that stops in the middle of a line", faults.TRUNCATED_SILENTLY),
        ("whose connection is cut", faults.TRUNCATED),
        ("that is refused, the key is another now", faults.MIXPANEL_KEY_ROTATED),
    ):
        with serving(shop) as saas, saas.mixpanel.inject(fault):
            keys = (
                {"username": "old", "secret": "old", "project_id": "1"}
                if fault is faults.MIXPANEL_KEY_ROTATED
                else saas.mixpanel.credentials
            )
            ended = asked.ended(
                saas.mixpanel.base_url, keys, "2026-03-02", lambda batch: None, when=f"with an export {name}"
            )
            asked.expect(ended.error is not None, "an error")
    for status in (400, 403, draw.choice((402, 404, 410, 422)), 429, draw.choice((500, 502, 503, 504))):
        refused = faults.MIXPANEL_RATE_LIMITED.but(times=None, effects=(RespondWith(status, None, "Not today."),))
        with serving(shop) as saas, saas.mixpanel.inject(refused):
            when = f"refused with {status}"
            ended = asked.ended(*mixpanel_account(saas), "2026-03-02", lambda batch: None, when=when)
            asked.expect(ended.error is not None, "an error: an answer that says why is no event")


@repeatable
def copies_share_an_id(function) -> None:
    asked = CheckedFunction(
        function, look="the id has four parts, kept apart; without a $insert_id it is made of the whole event"
    )
    first = [web_event("2026-03-02") for _ in range(draw.randint(20, 60))]
    mark = _between(_ids(asked, first[4:5], when="with one event")[0], first[4])
    others = [
        _with(first[0], distinct_id="u-other"),
        _with(first[1], time=first[1]["properties"]["time"] + 1),
        _with(first[2], **{"$insert_id": "i-other"}),
        first[3] | {"event": "Another"},
        *_easily_taken_for_one(first[4], {*MARKS, mark}),
    ]
    every = [*first, *others]
    copies = [_with(event, **{"mp_processing_time_ms": n, "$city": "Boston"}) for n, event in enumerate(every)]
    copies += [
        {"properties": dict(reversed(event["properties"].items())), "event": event["event"]}
        for event in draw.sample(every, 9)
    ]
    shared = {json.dumps(_four(event)) for event in every}
    ids = _ids(
        asked,
        [*every, *copies],
        when=f"with {len(shared)} events and copies of them, which differ in other properties or their order",
    )
    by_four = {json.dumps(_four(event)): id for event, id in zip(every, ids, strict=False)}
    asked.expect(
        len(set(by_four.values())) == len(shared),
        f"{len(shared)} ids: some of these events differ in one of the four alone",
        got=f"returned {len(set(by_four.values()))} ids",
    )
    wrong = sum(by_four[json.dumps(_four(event))] != id for event, id in zip([*every, *copies], ids, strict=False))
    asked.expect(not wrong, "one id for all copies of an event", got=f"returned another id for {wrong} copies")
    bare = [_without_id(first[5]), _without_id(_with(first[5], **{"$city": "Boston"})), _without_id(first[6])]
    for where, events in (
        ("two events that differ in $city", bare[:2]),
        ("two events that differ in mp_processing_time_ms",
         [_with(bare[0], mp_processing_time_ms=time_ms) for time_ms in (10**12, 10**12 + draw.randint(1, 9))]),
        ("two events that differ in their names alone", [bare[0], bare[0] | {"event": "Another"}]),
        ("an event and one that has an id", [bare[0], first[5]]),
    ):
        ids = _ids(asked, events, when=f"with {where}, without a $insert_id")
        asked.expect(ids[0] != ids[1], "two ids: they are no copies")
    ids = _ids(asked, [bare[0], bare[2], bare[0]], when="with an event without a $insert_id that was read twice")
    asked.expect(ids[0] == ids[2] != ids[1], "one id for it: reading a day again must not double it")


MARKS = ("-", "_", " ", ".", "/", ":", ",", ", ", "|", "#")  # that names and ids of real events have in them


def _between(id: str, event: dict) -> str:
    """What an id has between the first two of its four parts; nothing where none can be seen that a name may have."""
    name, person = re.escape(event["event"]), re.escape(event["properties"]["distinct_id"])
    found = re.search(f"{name}(.*?){person}", id, re.DOTALL)
    return found[1] if found and found[1].isprintable() else ""


def _easily_taken_for_one(event: dict, marks: set[str]) -> list[dict]:
    """Events whose four differ, and are the same written one after the other, or with a mark between them."""
    name, properties = event["event"], event["properties"]
    return [
        _with(event | {"event": f"{name}1"}, distinct_id="7"),
        _with(event | {"event": name}, distinct_id="17"),
        _with(
            event,
            distinct_id=f"{properties['distinct_id']}{str(properties['time'])[0]}",
            time=int(str(properties["time"])[1:]),
        ),
        # Python's hash() of -1 and -2 is the same, also within a tuple.
        _with(event, time=-1),
        _with(event, time=-2),
        *itertools.chain(
            *(
                [_with(event | {"event": f"{name}{mark}7"}, distinct_id="1"), _with(event, distinct_id=f"7{mark}1")]
                for mark in sorted(marks)
            )
        ),
    ]


def _four(event: dict) -> list:
    return [event["event"], *(event["properties"].get(name) for name in ("distinct_id", "time", "$insert_id"))]


def _without_id(event: dict) -> dict:
    return event | {"properties": {name: value for name, value in event["properties"].items() if name != "$insert_id"}}


def _ids(asked: CheckedFunction, events: list[dict], when: str) -> list[str]:
    rows = _event_rows(asked, events, when)
    asked.expect(all(type(row[0]) is str for row in rows), "ids that are texts")
    return [row[0] for row in rows]


def _event_rows(asked: CheckedFunction, events: list[dict], when: str) -> list[tuple]:
    rows = asked.items(events, when=when)
    asked.expect(len(rows) == len(events), f"{len(events)} rows, one per event", got=f"returned {len(rows)} rows")
    asked.expect(
        all(isinstance(row, (list, tuple)) and len(row) == 3 for row in rows), "rows of three: id, version, payload"
    )
    return [tuple(row) for row in rows]


@repeatable
def the_latest_copy_can_win(function) -> None:
    asked = CheckedFunction(
        function, look="version is the property mp_processing_time_ms, .get(..., 0); payload is json.dumps(event)"
    )
    events = [
        _with(
            web_event("2026-03-02"), mp_processing_time_ms=draw.randrange(10**12, 2 * 10**12), **{"$city": "Montréal"}
        )
        for _ in range(draw.randint(9, 30))
    ]
    events += [web_event("2026-03-02"), _without_id(web_event("2026-03-02"))]
    rows = _event_rows(asked, events, when="on events of which two have no mp_processing_time_ms")
    due = [event["properties"].get("mp_processing_time_ms", 0) for event in events]
    asked.expect([row[1] for row in rows] == due, "as versions their mp_processing_time_ms, or 0",
                 got=f"returned the versions {[row[1] for row in rows][-3:]} last")
    asked.expect(
        [_parsed(row[2]) for row in rows] == events,
        "as payloads the events in their order, each as a text of JSON",
        got="returned other payloads",
    )


def _parsed(text):
    try:
        return json.loads(text) if type(text) is str else None
    except ValueError:
        return None


@repeatable
def every_day_is_loaded(function) -> None:
    asked = CheckedFunction(
        function,
        look="begin at max(first, position - timedelta(days=look_back)); keep max(day, position); last is included",
    )
    day, first = timedelta(days=1), date(2026, 2, draw.randint(10, 20))
    for position, start, last, look_back, when in (
        (None, first, first + 9 * day, 3, "without a position"),
        (first + 6 * day, first + 4 * day, first + 9 * day, 2, "with a position"),
        (first + 1 * day, first, first + 3 * day, 5, "where position less look_back is before first"),
        (first + 6 * day, first + 6 * day, first + 7 * day, 0, "with a look_back of 0"),
        (first + 9 * day, first + 7 * day, first + 8 * day, 2, "where position is after last"),
        (first + 9 * day, None, first + 4 * day, 2, "where last lies long before position"),
        (None, first, first, 2, "on the first day"),
        (None, None, first - day, 2, "where last is before first"),
    ):
        days = _Days()
        asked(
            position,
            first,
            last,
            look_back,
            *days.functions(),
            when=f"{when}: {position}, {first}, {last}, {look_back}",
        )
        due = [start + n * day for n in range((last - start).days + 1)] if start else []
        asked.expect(
            days.read == due,
            f"read to be called for {_span(due)}, each day once, in order",
            got=f"called read for {_span(days.read)}",
        )
        rows = [(days.rows_of(due_day), max(due_day, position or due_day)) for due_day in due]
        asked.expect(
            [rows for rows, _ in days.loaded] == [rows for rows, _ in rows],
            "load to be called with each day's rows, also with none",
            got=f"called load {len(days.loaded)} times, or with other rows",
        )
        asked.expect(
            [kept for _, kept in days.loaded] == [kept for _, kept in rows],
            "as kept the day, or position where that is later",
            got=f"gave {[str(kept) for _, kept in days.loaded]}",
        )


def _span(days: list) -> str:
    return f"{len(days)} days, {days[0]} to {days[-1]}" if days else "no day"


@repeatable
def a_broken_day_ends_the_run(function) -> None:
    asked = CheckedFunction(function, look="load a day before you read the next; no try around them")
    day, first = timedelta(days=1), date(2026, 2, draw.randint(10, 20))
    broken = first + draw.randint(2, 4) * day
    for name, days in (("reading", _Days(unread=broken)), ("loading", _Days(unloaded=broken))):
        ended = asked.ended(
            None, first, first + 8 * day, 3, *days.functions(), when=f"where {name} {broken} ends with ConnectionError"
        )
        asked.expect(isinstance(ended.error, ConnectionError), "the ConnectionError to come out")
        asked.expect(
            [kept for _, kept in days.loaded] == [first + n * day for n in range((broken - first).days)],
            "the days before it loaded, and no other",
            got=f"loaded {_span([kept for _, kept in days.loaded])}",
        )
        asked.expect(days.read[-1:] == [broken], "no day after it to be read", got=f"read {_span(days.read)}")


class _Days:
    """Functions for a run over days, and what was asked of them. Every third day has no rows."""

    def __init__(self, unread: date | None = None, unloaded: date | None = None):
        self.unread, self.unloaded = unread, unloaded
        self.read, self.loaded = [], []

    def rows_of(self, day: date) -> list:
        return [] if day.day % 3 == 0 else [(f"event of {day}", 1, "{}")]

    def functions(self) -> tuple:
        return self._read, self._load

    def _read(self, day) -> list:
        self.read.append(day)
        if day == self.unread:
            raise ConnectionError("the connection broke")
        return self.rows_of(day)

    def _load(self, rows, kept) -> None:
        if kept == self.unloaded:
            raise ConnectionError("the connection broke")
        self.loaded.append((list(rows), kept))


def _with(event: dict, **properties) -> dict:
    return event | {"properties": event["properties"] | properties}


@repeatable
def a_day_has_a_zone(function) -> None:
    asked = CheckedFunction(
        function,
        look="datetime.fromtimestamp(seconds, ZoneInfo(zone)).date(); a datetime without a zone means this machine's",
    )
    for asked.local_zone, where in (
        (None, "here"),
        (FAR_EAST, "on a machine 11:30 east of UTC"),
        (FAR_WEST, "on a machine 9:30 west of UTC"),
    ):
        for zone in ("America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"):
            for month, day in ((1, draw.randint(2, 28)), (7, draw.randint(2, 28))):
                midnight = datetime(2026, month, day, tzinfo=ZoneInfo(zone))
                for seconds, words in (
                    (0, "at midnight"),
                    (-1, "a second before it"),
                    (draw.randint(1, DAY - 1), "later that day"),
                ):
                    moment = int(midnight.timestamp()) + seconds
                    due = datetime.fromtimestamp(moment, ZoneInfo(zone)).date().isoformat()
                    got = asked(moment, zone, when=f"{where}, with {moment}, {zone}: {words}")
                    asked.expect(got == due, f"{due!r}, a text: the date that a calendar on the wall there shows")


@repeatable
def windows_overlap(function) -> None:
    asked = CheckedFunction(
        function, look="both to UTC first, then to the full hour; start two hours back, end one hour before now's"
    )
    now = datetime(
        2026, draw.randint(1, 9), draw.randint(1, 28), draw.randint(0, 23), draw.randint(1, 59), 7, 500, tzinfo=UTC
    )
    hour, india = timedelta(hours=1), ZoneInfo("Asia/Kolkata")
    spring = datetime(2026, 3, 8, 3, draw.randint(0, 59), tzinfo=ZoneInfo("America/New_York"))
    for loaded, here, when in (
        (now - 24 * hour, now, "a day after the last load"),
        (now, now, "in the hour of the last load"),
        (now - 30 * hour, now.replace(minute=10).astimezone(india), "with now in India's time"),
        (now - 30 * hour, now.replace(minute=50).astimezone(india), "with now in India's time"),
        ((now - 30 * hour).replace(minute=10).astimezone(india), now, "with loaded in India's time"),
        ((now - 9 * hour).astimezone(ZoneInfo("America/New_York")), now, "with loaded in New York's time"),
        (now - 500 * 24 * hour, now, "500 days after the last load"),
        (now - (365 * 24 - 2) * hour, now, "where there are 365 days to ask for, and an hour"),
        (now + hour, now, "where one hour is left to ask for"),
        (now + hour, now.replace(minute=0, second=0, microsecond=0), "where one hour is left, and just over"),
        (spring, spring + 9 * hour, "after the night in which New York's clocks go forward"),
        (spring - 9 * hour, spring, "on the morning after New York's clocks went forward"),
    ):
        start, full = (moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0) for moment in (loaded, here))
        start -= 2 * hour
        due = tuple(f"{moment:%Y%m%dT%H}" for moment in (start, min(full - hour, start + 365 * 24 * hour - hour)))
        got = asked(loaded, here, when=f"{when}: loaded {loaded:%d %b %H:%M %z}, now {here:%d %b %H:%M %z}")
        asked.expect(
            isinstance(got, (tuple, list)) and tuple(got) == due,
            "two hours before loaded's, to the last one that is over, in UTC",
        )
    for ahead in (2, 5):
        got = asked(now + ahead * hour, now, when=f"where loaded is {ahead} hours ahead of now")
        asked.expect(got is None, "None: the first hour to ask for is not over")


NOT_FOUND_YET = RespondWith(500, "internal", "Raw data files were not found yet: try again.")


@repeatable
def a_quiet_night_is_no_error(function) -> None:
    asked = CheckedFunction(
        function, look="a 404 means no events only where answer.text says \"Raw data files were not found\""
    )
    shop = Shop()
    shop.hours["20260302T12"] = [{"insert_id": "a"}]
    with serving(shop) as saas:
        got = asked.items(*amplitude_account(saas), "20260302T01", "20260302T05", when="for a night without an event")
        asked.expect(got == [], "[]")
        url, keys = amplitude_account(saas)
        ended = asked.ended(f"{url}/eu", keys, "20260302T01", "20260302T05", read=list,
                            when="where base_url is wrong, and the answer 404 Not Found")
        asked.expect(ended.error is not None, "an error: nobody has looked for events")
        for fault, words in (
            (faults.EXPORT_TIMED_OUT.but(times=None), "504"),
            (faults.AMPLITUDE_RATE_LIMITED.but(times=None), "429"),
            (faults.EXPORT_TIMED_OUT.but(times=None, effects=(NOT_FOUND_YET,)), "500 and the words of a quiet night"),
        ):
            with saas.amplitude.inject(fault):
                ended = asked.ended(
                    *amplitude_account(saas), "20260302T01", "20260302T05", when=f"with {words} every time", within=60
                )
                asked.expect(ended.error is not None, "an error: whether there are events is not known")


@repeatable
def every_hour_is_read(function) -> None:
    asked = CheckedFunction(
        function,
        look="a zip holds a file for each hour: namelist(); each of its lines is an event, and ends with \\n alone",
    )
    shop = Shop()
    for hour in range(24):
        shop.hours[f"20260302T{hour:02}"] = [
            {"insert_id": f"{hour}-{n}", "event_type": draw.choice(("open", BROKEN_TITLE))}
            for n in range(draw.randint(1, 40))
        ]
    first, last = draw.randint(2, 8), draw.randint(12, 20)
    with serving(shop) as saas:
        when = f"for the hours {first} to {last}"
        got = asked.items(*amplitude_account(saas), f"20260302T{first:02}", f"20260302T{last:02}", when=when)
        _expect_hours(asked, got, shop, range(first, last + 1))
        got = asked.items(*amplitude_account(saas), "20260302T07", "20260302T07", when="for one hour, 7 to 7")
        _expect_hours(asked, got, shop, range(7, 8))


def _expect_hours(asked: CheckedFunction, got: list, shop: Shop, hours: range) -> None:
    due = Counter(event["insert_id"] for hour in hours for event in shop.hours[f"20260302T{hour:02}"])
    ids = Counter(event.get("insert_id") if isinstance(event, dict) else None for event in got)
    asked.expect(
        ids == due,
        f"the {sum(due.values())} events of these hours, each once",
        got=f"returned {len(got)} events, {len(ids)} ids",
    )
    known = {event["insert_id"]: event for hour in hours for event in shop.hours[f"20260302T{hour:02}"]}
    wrong = [event for event in got if event != known[event["insert_id"]]]
    asked.expect(not wrong, "each event as it came", got=f"changed {len(wrong)} events, such as {wrong[:1]}")
