"""What the test cells of Lab 4 call: one function a graded point.

Each takes the student's function and tries it on APIs of its own (`lab_04.apis`) with records made at random,
or on plain values. So no check depends on an earlier answer.
"""

import itertools
import json
import math
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from autograders.alone import names_from_outside
from autograders.checks.lab_04.apis import (
    DAY,
    NOW,
    Shop,
    charge,
    customer,
    moments,
    page,
    serving,
    stripe_event,
    web_event,
)
from autograders.checks.lab_04.warehouse import empty_warehouse, kept_position, kept_rows, said_by
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction, texts_of
from autograders.zones import FAR_EAST, FAR_WEST
from environments import faults
from environments.saas.effects import RespondWith, Truncate

CHARGES = "/v1/charges"


# 1 Pages

@repeatable
def every_object_once(function) -> None:
    asked = CheckedFunction(
        function, look="has_more, and starting_after with the id of the last object of the page before"
    )
    for number in (draw.randint(230, 290), 200, 7, 0):
        shop = Shop(charges=number)
        with serving(shop) as saas:
            got = asked.items(*_stripe(saas), CHARGES, when=f"on a list of {number} charges")
        _expect_ids(asked, got, [c["id"] for c in reversed(shop.charges)], in_order=True)
    shop = Shop(customers=draw.randint(310, 390))
    before = [c["id"] for c in shop.lists["customers"]]
    with serving(shop) as saas, saas.stripe.inject(faults.CHANGED_WHILE_PAGED):
        got = asked.items(*_stripe(saas), "/v1/customers", when="while customers sign up between the pages")
    _expect_ids(asked, [c for c in got if _id(c) in before], before)
    shop = Shop(charges=150)
    for name, fault in _refusals("charges"):
        with serving(shop) as saas, saas.stripe.inject(fault):
            ended = asked.ended(*_stripe(saas), CHARGES, when=f"where {name}", read=list, within=60)
            asked.expect(ended.error is not None, "an error: what was refused is not an empty list")


def _refusals(name: str) -> Iterator[tuple[str, faults.Fault]]:
    """What keeps a list from being read, in words and as a fault."""
    refused = faults.PERMISSION_REVOKED.but(route=f"GET /v1/{name}")
    yield f"the key may not read {name}", refused
    yield "the second page is refused", refused.but(skip=1)
    for status in (draw.choice((400, 402, 404)), draw.choice((429, 500, 503))):
        answer = RespondWith(status, None, "Not today.")
        yield f"the second page is refused with {status}", refused.but(name=f"page_{status}", skip=1, effects=(answer,))


@repeatable
def pages_of_a_hundred(function) -> None:
    asked = CheckedFunction(function, look="limit is the size of a page: 100 at most, 10 where it is missing")
    for number in (draw.randint(420, 490), draw.randint(2, 3) * 100):
        shop, pages = Shop(charges=number), math.ceil(number / 100)
        with serving(shop) as saas:
            got = asked.items(*_stripe(saas), CHARGES, when=f"on a list of {number} charges")
            _expect_ids(asked, got, [c["id"] for c in shop.charges])
            _expect_requests(asked, saas.stripe, most=pages, due=f"{pages} requests, one a page")
            _expect_pages_of_a_hundred(asked, saas.stripe.requests())


# 2 Watermarks

@repeatable
def watermark_never_goes_back(function) -> None:
    asked = CheckedFunction(
        function, look="the greatest of all of them; max(..., default=None) knows what to do with nothing"
    )
    low, middle, high = sorted(draw.sample(range(10**9, 2 * 10**9), 3))
    objects: list[dict] = [{"id": "a", "created": low}, {"id": "b", "created": middle}]
    for given, watermark, when in (
        (objects[::-1], None, "of two objects, the newest first, after nothing"),
        ([objects[0], {"id": "c", "created": high}, objects[1]], low, "of three objects, the newest in the middle"),
        (objects, low, "of two objects, the oldest first"),
        (objects, high, "of objects that are all older than the watermark"),
        ([], middle, "of no objects, after an earlier load"),
        ([], None, "of no objects, after nothing"),
        ([], 0, "of no objects, after a watermark of 0"),
    ):
        got = asked(given, watermark, when=f"{when}: created {[o['created'] for o in given]}, watermark {watermark}")
        asked.expect(
            got == max([o["created"] for o in given] + ([] if watermark is None else [watermark]), default=None),
            "the greatest created or watermark there is; None where there is none",
        )


@repeatable
def from_the_watermark_on(function) -> None:
    asked = CheckedFunction(
        function, look="created[gte] is watermark less look_back, in every request; and there may be many pages"
    )
    shop = Shop(charges=draw.randint(340, 390))
    at = draw.randint(60, 120)
    shop.charges[at]["created"] = shop.charges[at + 1]["created"]
    watermark, early = shop.charges[at]["created"], draw.randint(2, 5) * DAY
    for since, look_back, when in (
        (watermark, 0, "where two charges were made in the very second of the watermark"),
        (watermark, early, f"with a look_back of {early} seconds"),
        (None, early, "without a watermark"),
    ):
        got = asked.items(_Pages(shop).ask, CHARGES, since, look_back, when=when)
        _expect_in_stripes_order(
            asked, got, [c for c in shop.charges if since is None or c["created"] >= since - look_back]
        )
    got = asked.items(_Pages(Shop()).ask, CHARGES, watermark, 0, when="on an empty list")
    asked.expect(got == [], "[]")
    for name, skip in (("the first page is refused", 0), ("the second page is refused", 1)):
        ended = asked.ended(_Pages(shop, refuses=skip).ask, CHARGES, None, 0, when=f"where {name}", read=list)
        asked.expect(ended.error is not None, "the error to come out: what was refused is not an empty list")


@repeatable
def nothing_older_is_read(function) -> None:
    asked = CheckedFunction(
        function, look="let Stripe leave out what is older: created[gte] is one of the parameters, limit another"
    )
    shop = Shop(charges=draw.randint(640, 690))
    watermark = _free_second(shop.charges, before=draw.randint(30, 60))
    due = [c for c in shop.charges if c["created"] > watermark]
    pages = _Pages(shop)
    got = asked.items(pages.ask, CHARGES, watermark, 0, when=f"where {len(due)} of over 600 charges are new")
    _expect_in_stripes_order(asked, got, due)
    asked.expect(
        len(pages.made) <= 2, "one call of ask: a page holds them all", got=f"called ask {len(pages.made)} times"
    )
    watermark = _free_second(shop.charges, before=draw.randint(220, 280))
    pages = _Pages(shop)
    asked.items(pages.ask, CHARGES, watermark, 0, when="where over 200 of them are new")
    older = sum(created < watermark for created in pages.given)
    asked.expect(not older, "pages of new charges alone, the later ones too", got=f"asked for {older} older charges")
    sizes = {sent.get("limit", "no limit") for sent in pages.made}
    asked.expect(sizes == {"100"}, "a limit of 100 in each call", got=f"called ask with {' and '.join(sorted(sizes))}")


class _Pages:
    """A shop's lists, page by page, as a function to ask. The page of the number `refuses`, from 0 on, is refused."""

    def __init__(self, shop: Shop, refuses: int | None = None):
        self.shop, self.refuses = shop, refuses
        self.made: list[dict] = []
        self.given: list[int] = []  # when each object of a page was made

    def ask(self, path, params=None) -> dict:
        """The JSON of a page, or ValueError with what Stripe would say."""
        sent = {str(key): str(value) for key, value in dict(params or {}).items() if value is not None}
        self.made.append(sent)
        if len(self.made) - 1 == self.refuses:
            raise ConnectionError("no answer in five tries")
        name = str(path).removeprefix("/v1/")
        if name not in self.shop.lists:
            raise ValueError(f"Unrecognized request URL (GET: {path!s:.80}).")
        try:
            found = page(self.shop.lists[name], name, list(sent.items()))
        except ValueError as e:
            raise ValueError(e.args[-1]) from None
        self.given += [obj["created"] for obj in found["data"]]
        return found


def _expect_in_stripes_order(asked: CheckedFunction, got: list, oldest_first: list[dict]) -> None:
    _expect_ids(asked, got, [c["id"] for c in oldest_first])
    asked.expect(
        [_id(c) for c in got] == [c["id"] for c in reversed(oldest_first)],
        "them as Stripe lists them, also those of one second",
        got="returned them in another order",
    )


def _free_second(charges: list[dict], before: int) -> int:
    """A moment before about so many of the newest charges, at which none was made."""
    taken = {c["created"] for c in charges}
    return next(at for at in range(charges[-before]["created"], 0, -1) if at not in taken)


@repeatable
def newest_version_wins(function) -> None:
    asked = CheckedFunction(
        function, look="the first event of an object in the list is its newest; and look at its \"object\""
    )
    many = [charge(at) for at in moments(12)]
    told = [stripe_event("charge.succeeded", obj, obj["created"]) for obj in many]
    for obj in draw.choices(many[:6], k=20):
        obj["amount_refunded"] += draw.randint(1, 50)
        told.append(stripe_event("charge.refunded", obj, NOW - DAY))
    del many[0]["customer"]
    told.append(stripe_event("charge.updated", many[0], NOW - DAY))
    dispute = {"id": "dp_1", "object": "dispute", "charge": many[0]["id"], "amount": 5}
    told += [stripe_event("charge.dispute.created", dispute, NOW), stripe_event("customer.created", customer(NOW), NOW)]
    got = asked(
        told[::-1],
        "charge",
        when="on events of 12 charges, some of them refunded several times, of a dispute and a customer",
    )
    asked.expect(isinstance(got, dict), "a dict: by id the object")
    asked.expect(
        got.keys() == {obj["id"] for obj in many},
        "the ids of the 12 charges, and no others",
        got=f"returned {len(got)} ids",
    )
    wrong = [id for id, obj in got.items() if obj != next(c for c in many if c["id"] == id)]
    asked.expect(not wrong, "each as its newest event has it", got=f"returned another version of {len(wrong)} charges")
    got = asked(told[::-1], "dispute", when="on the same events, with the kind dispute")
    asked.expect(got == {"dp_1": dispute}, "the dispute alone, by its id")
    asked.expect(asked([], "charge", when="on no events") == {}, "{}")


# 3 Twice is the same as once

@repeatable
def newest_row_stays(function) -> None:
    asked = CheckedFunction(
        function, look="on conflict (stream, id) do update ..., where the new version is not smaller"
    )
    with empty_warehouse() as path:
        rows = [_row(id, at, "O'Brien") for id in ("a", "b", "c") for at in draw.sample(range(1, 90), 3)]
        due = {("charges", id): max(r for r in rows if r[0] == id) for id in ("a", "b", "c")}
        asked(path, "charges", rows, 90, when="with three versions of each row, in any order, of a Mr O'Brien")
        _expect_rows(asked, path, due)
        asked(
            path,
            "charges",
            [_row("a", 95), _row("b", 0)],
            95,
            when="with a newer version of one row, and an older one of another",
        )
        _expect_rows(asked, path, due | {("charges", "a"): _row("a", 95)})
        asked(path, "customers", [_row("a", 99)], 99, when="with a row of another stream, of the same id")
        _expect_rows(asked, path, due | {("charges", "a"): _row("a", 95), ("customers", "a"): _row("a", 99)})
        asked(
            path,
            "charges",
            [_row("a", 97)],
            97,
            when="with a newer version of a row, older than another stream's of the same id",
        )
        _expect_rows(asked, path, due | {("charges", "a"): _row("a", 97), ("customers", "a"): _row("a", 99)})
    with empty_warehouse() as path:
        late = NOW * 1000 + draw.randint(100, 900)
        rows = [_row("a", late), _row("a", late + 1), _row("b", late + 1), _row("b", late)]
        asked(path, "mixpanel", rows, 5, when=f"with versions in milliseconds: {late}, and one more")
        _expect_rows(asked, path, {("mixpanel", id): _row(id, late + 1) for id in ("a", "b")})


@repeatable
def ties_are_decided(function) -> None:
    asked = CheckedFunction(
        function,
        look="Stripe lists the newest first: of equal versions the first row is the newest; "
        "and the table's is older than all",
    )
    with empty_warehouse() as path:
        ids = [f"id{n}" for n in range(draw.randint(70, 90))]  # so many that a sort which is not stable mixes them up
        # The texts stand in an order of their own, so that none of them decides a tie.
        rows = [_row(id, version, f"change {n}") for n in (2, 3, 1) for id in ids for version in (5, 4)]
        due = {("charges", id): _row(id, 5, "change 2") for id in ids}
        asked(path, "charges", rows, 5, when="with three changes of each row in one second, the latest first")
        _expect_rows(asked, path, due, "of equal versions the first")
        rows = [row for row in rows if row[0] in ids[:9]]
        asked(path, "charges", rows, 5, when="with some of these rows again")
        _expect_rows(asked, path, due, "the same as before")
        again = [_row(ids[0], 5, "change 25"), *rows]
        asked(path, "charges", again, 5, when="with one more change in the same second, before the others")
        due["charges", ids[0]] = _row(ids[0], 5, "change 25")
        _expect_rows(asked, path, due, "the change that is first in rows, although the table has that version")


@repeatable
def loading_twice_changes_nothing(function) -> None:
    asked = CheckedFunction(function, look="a row that is there is updated, not added; a position, too")
    with empty_warehouse() as path:
        rows = [_row(f"id{n}", n) for n in range(draw.randint(5, 30))]
        for time, position in (
            ("the first time", 40),
            ("the second time", 40),
            ("once more, at a later position", 41),
            ("with no rows", 42),
            ("at an earlier position, as if to load the past again", 39),
        ):
            asked(path, "charges", [] if position == 42 else rows, position, when=time)
            _expect_rows(asked, path, {("charges", r[0]): r for r in rows})
            asked.expect(kept_position(path, "charges") == position, f"position {position} to be kept",
                         got=f"kept {kept_position(path, 'charges')}")
        asked(path, "customers", [], 7, when="of another stream, at position 7")
        kept = [kept_position(path, stream) for stream in ("charges", "customers")]
        asked.expect(kept == [39, 7], "each stream to keep a position of its own, 39 and 7", got=f"kept {kept}")


@repeatable
def no_position_without_its_rows(function) -> None:
    asked = CheckedFunction(
        function, look="connection.begin() ... commit() around both; or the rows first, and the position last"
    )
    rows = [_row(f"id{n}", n) for n in range(draw.randint(5, 30))]
    bad = draw.choice(rows)[0]
    with empty_warehouse(no_row=bad) as path:
        ended = asked.ended(path, "charges", rows, 50, when="where the run breaks off at one of the rows")
        asked.expect(ended.error is not None, "the error to come out", got="ended as if all were well")
        asked.expect(
            kept_position(path, "charges") is None, "no position: its rows are not all there", got="kept the position"
        )
    with empty_warehouse(no_position=50) as path:
        ended = asked.ended(path, "charges", rows, 50, when="where the run breaks off at the position")
        asked.expect(ended.error is not None, "the error to come out", got="ended as if all were well")
        asked(path, "charges", rows, 51, when="the next time")
        _expect_rows(asked, path, {("charges", r[0]): r for r in rows})


@repeatable
def first_all_then_changes(function) -> None:
    asked = CheckedFunction(function, look="position is None only before the first run; 0 is a position")
    since = draw.randint(10, 10**9)
    for position, newest, empty in (
        (None, 10**9, False),
        (0, 10**9, False),
        (since, 10**9 + 1, False),
        (since, since, False),
        (since, 10**9 + 1, True),
        (None, 10**9, True),
    ):
        calls = _Calls(newest, empty=empty)
        words = ", and reading gives no rows" if empty else ""
        asked(position, *calls.functions(), when=f"with position = {position}, where newest() is {newest}{words}")
        read = ["all"] if position is None else [f"since {position}"]
        asked.expect(calls.read == read, "read_all() alone" if position is None else f"read_changes({position}) alone",
                     got=f"read: {', '.join(calls.read) or 'nothing'}")
        asked.expect(
            calls.loaded == [([] if empty else read, calls.newest)],
            "one load, of the rows that were read, with newest()'s position",
            got=f"called load {len(calls.loaded)} times: {calls.loaded}",
        )


@repeatable
def nothing_changes_unseen(function) -> None:
    asked = CheckedFunction(function, look="ask newest() before you read, not after")
    for position, empty in itertools.product((None, 5), (False, True)):
        calls = _Calls(newest=1000, moves=draw.randint(1, 9), empty=empty)
        words = ", which gives no rows" if empty else ""
        asked(position, *calls.functions(), when=f"while something changes during the reading{words}")
        asked.expect(
            calls.loaded[0][1] <= 1000 if calls.loaded else empty,  # that no rows are loaded, too, is asked elsewhere
            "a position from before the change: the next run has to see it",
            got=f"loaded with {[p for _, p in calls.loaded]}, where the reading began at 1000",
        )


@repeatable
def a_broken_run_loads_nothing(function) -> None:
    asked = CheckedFunction(function, look="no try around newest, the reading or load: an error there ends the run")
    for position in (None, 5):
        for breaks in ("reading", "newest()", "load"):
            calls = _Calls(newest=1000, breaks=breaks)
            ended = asked.ended(position, *calls.functions(), when=f"where {breaks} ends with ConnectionError")
            asked.expect(not calls.loaded, "nothing to be loaded, and no position kept", got="called load")
            asked.expect(isinstance(ended.error, ConnectionError), "the ConnectionError to come out")
        calls = _Calls(newest=1000)
        asked(position, *calls.functions(), when="where nothing breaks")
        asked.expect(len(calls.loaded) == 1, "one load", got=f"called load {len(calls.loaded)} times")


class _Calls:
    """Functions for a run, and what was asked of them."""

    def __init__(self, newest: int, moves: int = 0, breaks: str = "", empty: bool = False):
        self.newest, self.moves, self.breaks, self.empty = newest, moves, breaks, empty
        self.read: list = []
        self.loaded: list = []

    def _go_through(self, what: str) -> None:
        if self.breaks == what:
            raise ConnectionError("the connection broke")

    def _newest(self) -> int:
        self._go_through("newest()")
        return self.newest

    def _load(self, rows, position) -> None:
        self._go_through("load")
        self.loaded.append((list(rows), position))

    def _read(self, what: str) -> list:
        self._go_through("reading")
        self.read.append(what)
        self.newest += self.moves
        return [] if self.empty else [what]

    def functions(self) -> tuple:
        return (self._newest, lambda: self._read("all"), lambda position: self._read(f"since {position}"), self._load)


# 4 Errors by their kind

TRUNCATED = faults.DROPPED.but(name="cut_short", effects=(Truncate(60),))
TROUBLES = {
    "429 twice": faults.RATE_LIMITED,
    "503 three times": faults.SERVER_ERRORS,
    "500 once": faults.INTERNAL_ERROR,
    "502 once": faults.SERVER_ERRORS.but(times=1, effects=(RespondWith(502),)),
    "599 twice": faults.SERVER_ERRORS.but(times=2, effects=(RespondWith(599),)),
    "a connection that breaks twice": faults.DROPPED.but(times=2),
    "an answer that is cut short": TRUNCATED,
}


@repeatable
def trouble_passes(function) -> None:
    asked = CheckedFunction(function, look="429, every 5xx, and requests.RequestException: try again")
    shop = Shop(charges=3)
    for name, fault in draw.sample(list(TROUBLES.items()), len(TROUBLES)):
        with serving(shop) as saas, saas.stripe.inject(fault) as hits:
            got = asked(*_get(saas), {"limit": 3}, lambda seconds: None, when=f"after {name}")
            asked.expect(isinstance(got, dict) and "data" in got, "the answer's JSON, as a dict")
            _expect_ids(asked, got["data"], [c["id"] for c in reversed(shop.charges)], in_order=True)
            due = (fault.times or 0) + 1
            asked.expect(len(hits.requests) == due, f"{due} requests", got=f"made {len(hits.requests)} requests")


@repeatable
def waits_grow(function) -> None:
    asked = CheckedFunction(
        function, look="2 ** (n - 2) times a number from 1 to 2, drawn again each time; and Retry-After"
    )
    both = [_waits(asked, "after 429 four times", faults.RATE_LIMITED.but(times=4)) for _ in range(2)]
    for waits in both:
        _expect_growth(asked, waits)
    asked.expect(both[0] != both[1], "other waits the second time: a part of each is drawn at random",
                 got=f"waited {_seconds(both[0])} twice")
    _expect_growth(asked, _waits(asked, "after 429 four times, each with Retry-After: 1", _limited(429, 1, times=4)))
    for status, long in ((503, draw.randint(600, 4000)), (429, draw.randint(30, 50))):
        waits = _waits(asked, f"after {status} with Retry-After: {long}", _limited(status, long))
        asked.expect(sum(waits) >= long, f"a wait of {long} seconds or more", got=f"waited {_seconds(waits)}")
    waits = _waits(asked, f"after 429 with Retry-After: {long}, then 503 without", _limited(429, long),
                   faults.SERVER_ERRORS.but(skip=1, times=1))
    asked.expect(
        waits[-1] <= 4.04,
        "2 to 4 seconds before the third try: that answer asked for no more",
        got=f"waited {_seconds(waits)}",
    )


def _limited(status: int, seconds: int, times: int = 1) -> faults.Fault:
    """An answer with Retry-After."""
    answer = RespondWith(status, "rate_limit", "Too many requests.", {"Retry-After": str(seconds)})
    return faults.RATE_LIMITED.but(name=f"limited_{status}_{seconds}", times=times, effects=(answer,))


def _expect_growth(asked: CheckedFunction, waits: list[float]) -> None:
    asked.expect(len(waits) == 4, "four waits, one before each further try", got=f"called sleep {len(waits)} times")
    bad = [n for n, seconds in enumerate(waits, 2) if not 0.99 * 2 ** (n - 2) <= seconds <= 1.01 * 2 ** (n - 1)]
    asked.expect(
        not bad,
        "1 to 2 seconds before the second try, 2 to 4 before the third, and so on",
        got=f"waited {_seconds(waits)}",
    )


def _waits(asked: CheckedFunction, when: str, *suffered: faults.Fault) -> list[float]:
    """The seconds that an answer wanted to sleep."""
    waits = []
    with serving(Shop(charges=1)) as saas, saas.stripe.inject(*suffered):
        asked(*_get(saas), {}, lambda seconds: waits.append(float(seconds)), when=when)
    return waits


def _seconds(waits: list[float]) -> str:
    return ", ".join(f"{seconds:.2f}" for seconds in waits) + " s" if waits else "not at all"


@repeatable
def it_gives_up(function) -> None:
    asked = CheckedFunction(function, look="count the tries: after the fifth, ConnectionError")
    for name, fault in (
        ("429", faults.RATE_LIMITED_FOR_GOOD),
        ("503", faults.SERVER_ERRORS.but(times=None)),
        ("a broken connection", faults.DROPPED.but(times=None)),
        ("an answer that is cut short", TRUNCATED.but(times=None)),
    ):
        with serving(Shop(charges=1)) as saas, saas.stripe.inject(fault):
            waits: list = []
            ended = asked.ended(*_get(saas), {}, _patience(20, waits), when=f"with {name} every time")
            asked.expect(_is_connection_error(ended.error), "ConnectionError")
            tries = len(saas.stripe.requests())
        asked.expect(tries == 5, "five requests", got=f"made {tries} requests")
        asked.expect(len(waits) == 4, "no wait after the last try", got=f"called sleep {len(waits)} times")
    waits = []
    with serving(Shop()) as saas:
        gone, key = _get(saas)
    ended = asked.ended(gone, key, {}, _patience(20, waits), when="where nobody listens, and the connection is refused")
    asked.expect(_is_connection_error(ended.error), "ConnectionError")
    asked.expect(len(waits) == 4, "four waits, for five tries", got=f"called sleep {len(waits)} times")
    _expect_an_answer(asked, {})


def _expect_an_answer(asked: CheckedFunction, params: dict) -> None:
    """Where nothing is wrong: an answer that is an error whatever is asked earns nothing."""
    shop = Shop(charges=draw.randint(3, 9))
    with serving(shop) as saas:
        got = asked(*_get(saas), params, _patience(20), when=f"where nothing is wrong, with params = {params}")
    asked.expect(isinstance(got, dict) and "data" in got, "the answer's JSON, as a dict")
    _expect_ids(asked, got["data"], [c["id"] for c in reversed(shop.charges)], in_order=True)


def _is_connection_error(error: BaseException | None) -> bool:
    """Whether it is Python's or that of a library such as requests, which is another class of the same name."""
    return isinstance(error, ConnectionError) or any(k.__name__ == "ConnectionError" for k in type(error).__mro__)


def _patience(most: int, calls: list | None = None):
    """A sleep that does not, and does not let itself be called for ever."""
    calls = [] if calls is None else calls

    def sleep(seconds):
        calls.append(seconds)
        if len(calls) > most:
            raise RuntimeError(f"sleep was called {len(calls)} times")

    return sleep


@repeatable
def a_refused_key_stops_it(function) -> None:
    asked = CheckedFunction(function, look="401 and 403: raise PermissionError(...), with api_key[-4:]")
    forbidden = faults.PERMISSION_REVOKED.but(route="GET /v1/charges")
    nameless = forbidden.but(name="nameless", effects=(RespondWith(403, None, "Not from this address."),))
    for name, fault in (
        ("401, the key has expired", faults.KEY_EXPIRED),
        ("403, the key may not read charges", forbidden),
        ("403, and a message that does not name the key", nameless),
    ):
        with serving(Shop(charges=1)) as saas:
            url, key, sleep = *_get(saas), _patience(20)
            with saas.stripe.inject(fault):
                ended = asked.ended(url, key, {}, sleep, when=f"with {name}")
            asked.expect(isinstance(ended.error, PermissionError), "PermissionError")
            asked.expect(key[-4:] in str(ended.error), "the last four characters of the key in its message")
            asked.expect(
                not any(part in text for text in texts_of(ended.error) for part in _parts_of(key)),
                "no more of the key in the message, or in what the error was raised from",
                got="raised an error that shows it",
            )
            _expect_requests(asked, saas.stripe, most=1, due="one request: trying again cannot help")
    _expect_an_answer(asked, {})


def _parts_of(key: str) -> list[str]:
    """What shows more of a key than sk_test_, which Stripe's own messages show, and its last four characters."""
    return [key[:len("sk_test_") + 1], key[-5:], *(key[n:n + 8] for n in range(1, len(key) - 7))]


@repeatable
def a_wrong_request_is_named(function) -> None:
    asked = CheckedFunction(function, look="answer.json()[\"error\"][\"message\"] says what is wrong")
    cases = (
        ("", {"limit": draw.randint(101, 999)}, "limit must be between 1 and 100"),
        ("", {"starting_after": f"ch_{draw.randint(1, 99)}gone"}, "No such object"),
        ("_of_yesterday", {}, "Unrecognized request URL"),
    )
    for more, params, words in cases:
        with serving(Shop(charges=1)) as saas:
            url, key = _get(saas)
            when = f"with params = {params}" + (f" and the path {CHARGES}{more}" if more else "")
            ended = asked.ended(f"{url}{more}", key, params, _patience(20), when=when)
            asked.expect(
                isinstance(ended.error, ValueError) and words in str(ended.error), "ValueError with the API's message"
            )
            _expect_requests(asked, saas.stripe, most=1, due="one request: it would be refused again")
    for status in (400, draw.choice((402, 404, 410, 422)), 408, 409, 425, 499):
        words = f"It is wrong for reason {draw.randint(100, 999)}."
        answer = RespondWith(status, None, words)
        fault = faults.RATE_LIMITED.but(name=f"refused_{status}", times=None, effects=(answer,))
        with serving(Shop(charges=1)) as saas, saas.stripe.inject(fault):
            ended = asked.ended(*_get(saas), {}, _patience(20), when=f"with {status} every time: {words}")
            asked.expect(
                isinstance(ended.error, ValueError) and words in str(ended.error), "ValueError with the API's message"
            )
            _expect_requests(asked, saas.stripe, most=1, due="one request: of 4xx, only 429 is tried again")
    _expect_an_answer(asked, {"limit": 100})


# 5 Raw first

COLUMNS = {"id": "string", "created": "integer", "amount": "integer", "currency": "string"}


def _drifted() -> tuple[list[dict], list[tuple[dict, str]]]:
    """Good payloads, and bad ones with the column at fault."""
    def plain():
        return {name: value for name, value in charge(NOW).items() if name in COLUMNS}

    bad = [({**plain(), "amount": str(draw.randint(1, 99))}, "amount"), ({**plain(), "currency": None}, "currency"),
           ({**plain(), "created": "yesterday"}, "created"), ({**plain(), "amount": True}, "amount"),
           ({**plain(), "created": False}, "created"), ({**plain(), "id": 7}, "id"),
           ({**plain(), "amount": float(draw.randint(1, 99))}, "amount"),
           ({**plain(), "created": NOW + 0.5}, "created")]
    gone = plain()
    del gone["amount"]
    return [plain() | {"livemode": False} for _ in range(draw.randint(4, 9))], [*bad, (gone, "amount")]


@repeatable
def nothing_is_dropped(function) -> None:
    asked = CheckedFunction(
        function, look="each payload goes to one of the two lists; isinstance(payload.get(name), int)"
    )
    good, bad = _drifted()
    # Python says that a payload with True is equal to the same one with 1.
    good.append(next(broken for broken, _ in bad if broken.get("amount") is True) | {"amount": 1})
    payloads = [*good, *(payload for payload, _ in bad)]
    draw.shuffle(payloads)
    as_text = [json.dumps(payload, sort_keys=True) for payload in good]
    got = _three(asked, payloads, COLUMNS, when=f"with {len(good)} good payloads and {len(bad)} bad ones")
    rows, quarantine = list(got[0]), list(got[1])
    due = [{name: p[name] for name in COLUMNS} for p in payloads if json.dumps(p, sort_keys=True) in as_text]
    asked.expect(
        rows == due,
        f"{len(due)} rows, in order, of these columns and no others",
        got=f"gave {len(rows)} rows, or other ones",
    )
    asked.expect(len(quarantine) == len(bad), f"{len(bad)} in quarantine", got=f"put {len(quarantine)} into quarantine")
    for payload, reason in quarantine:
        column = next((name for broken, name in bad if broken == payload), None)
        asked.expect(
            column is not None,
            "the bad payloads, as they came, in quarantine",
            got="put another into quarantine, or changed one",
        )
        asked.expect(
            str(column) in str(reason), f"a reason that names {column}", got=f"gave the reason {str(reason)!r:.80}"
        )
    in_order = [payload for payload in payloads if json.dumps(payload, sort_keys=True) not in as_text]
    asked.expect([payload for payload, _ in quarantine] == in_order, "quarantine in the order of payloads",
                 got="put them into quarantine in another order")
    rows, quarantine, new = _three(asked, [], COLUMNS, when="with no payloads")
    asked.expect((list(rows), list(quarantine), set(new)) == ([], [], set()), "nothing in any of the three")


@repeatable
def drift_is_recorded(function) -> None:
    asked = CheckedFunction(
        function, look="the names of a payload that are no columns: payload.keys() - columns.keys()"
    )
    good, bad = _drifted()
    field = f"field_{draw.randint(1, 99)}"
    strange = bad[0][0] | {f"{field}_too": 1}
    for more, due in (
        ([], {"livemode"}),
        ([good[0] | {field: 1}], {"livemode", field}),
        ([strange], {"livemode", f"{field}_too"}),
    ):
        kind = "payloads, one that goes into quarantine" if more == [strange] else "payloads"
        got = _three(
            asked, [*good, *more, *(p for p, _ in bad)], COLUMNS, when=f"with {', '.join(sorted(due))} in some {kind}"
        )
        names = sorted(map(str, got[2]))
        asked.expect(names == sorted(due), f"new to be {sorted(due)}, each once", got=f"gave {names}")


def _three(asked: CheckedFunction, *arguments, when: str) -> tuple:
    got = asked.items(*arguments, when=when)
    asked.expect(len(got) == 3, "three things: rows, quarantine, new")
    return tuple(got)


@repeatable
def every_hole_is_found(function) -> None:
    asked = CheckedFunction(function, look="the days of both: source.keys() | warehouse.keys(), and get(day, 0)")
    days = [f"2026-{month:02}-{day:02}" for month in (4, 5) for day in range(1, 29)]
    source = {day: draw.randint(5, 90) for day in draw.sample(days, 40)}
    lost, fewer, more = draw.sample(sorted(source), 3)
    strange = next(day for day in days if day not in source)
    there = dict(reversed(source.items())) | {fewer: source[fewer] - 1, more: source[more] + 1, strange: 3}
    del there[lost]
    got = asked.items(
        source, there, when="where a day is lost, one has too few, one too many, and one exists in the warehouse only"
    )
    due = sorted(
        [
            (lost, source[lost], 0),
            (fewer, source[fewer], source[fewer] - 1),
            (more, source[more], source[more] + 1),
            (strange, 0, 3),
        ]
    )
    asked.expect(
        [tuple(hole) if isinstance(hole, (list, tuple)) else hole for hole in got] == due,
        "these four days, oldest first, with both counts",
    )
    asked.expect(asked.items(source, dict(source), when="where both agree") == [], "[]")
    got = asked.items(source, {}, when="where the warehouse lost all 40 days")
    asked.expect(
        [tuple(hole) for hole in got if isinstance(hole, (list, tuple))]
        == sorted((day, number, 0) for day, number in source.items()),
        "all 40 days, oldest first",
    )
    zero, refunds = draw.sample(days[:28], 2)
    cents = {zero: 0, refunds: -draw.randint(100, 9900)}
    got = asked.items(cents, {}, when=f"with sums of cents: {cents}, and an empty warehouse")
    asked.expect([tuple(hole) for hole in got if isinstance(hole, (list, tuple))] == [(refunds, cents[refunds], 0)],
                 f"{refunds} alone: a missing day has 0, and that is {zero}'s sum")
    cent, back, same = draw.sample(days, 3)
    cents = {cent: draw.randint(10**6, 10**7), back: draw.randint(100, 9900), same: draw.randint(10**6, 10**7)}
    there = cents | {cent: cents[cent] - 1, back: -cents[back]}
    got = asked.items(cents, there, when=f"with sums of cents: {cents}, and {there}")
    asked.expect([tuple(hole) for hole in got if isinstance(hole, (list, tuple))]
                 == [(day, cents[day], there[day]) for day in sorted((cent, back))],
                 f"{cent} and {back}: one cent is a difference, and so is the sign")


# 6 Product events

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
        got = asked(*_mixpanel(saas), "2026-03-02", take, when=f"on a day of {number} events")
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
            got = asked(*_mixpanel(saas), day, _taking(taken), when=f"on a day of {number} events")
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
        got = asked(*_mixpanel(saas), "2026-03-02", lambda batch: None, when=f"on a whole day of {number} events")
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
            ended = asked.ended(*_mixpanel(saas), "2026-03-02", lambda batch: None, when=f"refused with {status}")
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
        got = asked.items(*_amplitude(saas), "20260302T01", "20260302T05", when="for a night without an event")
        asked.expect(got == [], "[]")
        url, keys = _amplitude(saas)
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
                    *_amplitude(saas), "20260302T01", "20260302T05", when=f"with {words} every time", within=60
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
        got = asked.items(
            *_amplitude(saas), f"20260302T{first:02}", f"20260302T{last:02}", when=f"for the hours {first} to {last}"
        )
        _expect_hours(asked, got, shop, range(first, last + 1))
        got = asked.items(*_amplitude(saas), "20260302T07", "20260302T07", when="for one hour, 7 to 7")
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


# 7 The connector

START_OF_2021 = int(datetime(2021, 1, 1, tzinfo=UTC).timestamp())


@repeatable
def the_connector_reads_all_pages(function) -> None:
    asked = CheckedFunction(
        function, look="starting_after gets last_record's id; it stops where response['has_more'] is false"
    )
    component = asked(when="as the paginator of a connector")
    shop = Shop(charges=draw.randint(220, 280))
    with serving(shop) as saas:
        said = said_by(asked, component, None, saas)
        requests = saas.stripe.requests()
    ids = Counter(message["record"]["data"].get("id") for message in said if message["type"] == "RECORD")
    asked.expect(ids == Counter(c["id"] for c in shop.charges), f"it to read {len(shop.charges)} charges, each once",
                 got=f"made it read {sum(ids.values())} records, {len(ids)} ids")
    _expect_pages_of_a_hundred(asked, requests)


@repeatable
def the_connector_goes_on_from_its_state(function) -> None:
    asked = CheckedFunction(
        function, look="cursor_field created, datetime_format %s, and created[gte] as start_time_option's field_name"
    )
    component = asked(when="as the incremental_sync of a connector")
    start = component.get("start_datetime") if isinstance(component, dict) else None
    start = start.get("datetime") if isinstance(start, dict) else start
    asked.expect(isinstance(start, str) and start.isdecimal() and int(start) < START_OF_2021,
                 "start_datetime to be a text of Unix seconds, in 2020 or earlier")
    shop = Shop(charges=draw.randint(40, 70))
    shop.charges[-20]["created"] = since = shop.charges[-19]["created"]
    with serving(shop) as saas:
        said = said_by(asked, None, component, saas, since=since)
    ids = _ids_of_records(said)
    due = {c["id"] for c in shop.charges if c["created"] >= since}
    asked.expect(
        ids == due,
        f"it to read the {len(due)} charges made since its state, inclusive",
        got=f"made it read {len(ids)} charges",
    )
    states = [message["state"]["stream"]["stream_state"] for message in said if message["type"] == "STATE"]
    newest = shop.charges[-1]["created"]
    asked.expect(
        bool(states) and str(states[-1].get("created")) == str(newest),
        f"created {newest} to be its state afterwards",
        got=f"left the state {states[-1] if states else None}",
    )
    _expect_all_since_2020(asked, shop)


def _expect_all_since_2020(asked: CheckedFunction, shop: Shop) -> None:
    shop.charges[0]["created"] = int(datetime(2021, 1, 1, tzinfo=UTC).timestamp())
    component = asked(when="as the incremental_sync of a connector without a state, with a charge of 1 January 2021")
    with serving(shop) as saas:
        ids = _ids_of_records(said_by(asked, None, component, saas))
    asked.expect(ids == {c["id"] for c in shop.charges}, f"it to read all {len(shop.charges)} charges",
                 got=f"made it read {len(ids)} charges")


def _ids_of_records(said: list[dict]) -> set[str]:
    return {one["record"]["data"].get("id") for one in said if one["type"] == "RECORD"}


@repeatable
def records_then_state(function) -> None:
    asked = CheckedFunction(function, look="created[gte], all pages, reversed(...); one STATE, after the records")
    refunds: list[dict] = [
        {"id": f"re_{n}", "object": "refund", "amount": 5, "created": at}
        for n, at in enumerate(moments(draw.randint(120, 160)))
    ]
    since = refunds[-30]["created"]
    given: list[tuple[list, dict, str]] = [
        (refunds, {}, "without a state"), (refunds, {"created": since}, f"with created {since} as its state"),
        ([], {}, "on a shop without refunds"), ([], {"created": since}, "where no refund is new")]
    for there, state, when in given:
        shop = Shop()
        shop.lists["refunds"] = there
        with serving(shop) as saas:
            got = asked.items(*_stripe(saas), state, when=when)
        _expect_messages(asked, got, [r for r in there if r["created"] >= state.get("created", 0)], state)
        names = names_from_outside(function)
        asked.expect(not names, "it to import what it needs: the connector has it in a file of its own",
                     got=f"uses {', '.join(names)} from outside it")
    shop = Shop()
    shop.lists["refunds"] = refunds
    for name, fault in _refusals("refunds"):
        with serving(shop) as saas, saas.stripe.inject(fault):
            ended = asked.ended(*_stripe(saas), {}, when=f"where {name}", read=list, within=60)
            asked.expect(ended.error is not None, "an error: a STATE would promise what was not read")


def _expect_messages(asked: CheckedFunction, got: list, due: list[dict], state: dict) -> None:
    asked.expect(
        all(isinstance(message, dict) and message.get("type") in ("RECORD", "STATE") for message in got),
        "dicts with the type RECORD or STATE",
    )
    records = [message.get("record") for message in got if message["type"] == "RECORD"]
    bad = [
        record
        for record in records
        if not isinstance(record, dict)
        or record.get("stream") != "refunds"
        or not _is_now(record.get("emitted_at"))
    ]
    asked.expect(
        not bad,
        "records with stream, data and emitted_at, the time now in whole milliseconds",
        got=f"returned {len(bad)} records of another form",
    )
    came = [record.get("data") for record in records]
    asked.expect(sorted(came, key=str) == sorted(due, key=str), f"{len(due)} records, the refunds as they came",
                 got=f"returned {len(records)} records, or other ones")
    asked.expect(
        _rises([refund["created"] for refund in came]), "the oldest first", got="returned them in another order"
    )
    newest = max([r["created"] for r in due] + list(state.values()), default=None)
    kept = {"stream_descriptor": {"name": "refunds"}, "stream_state": {"created": newest}}
    last = [] if newest is None else [{"type": "STATE", "state": {"type": "STREAM", "stream": kept}}]
    asked.expect(got[len(records):] == last, f"after them one STATE, with created {newest}" if last else "no STATE",
                 got=f"returned {[message['type'] for message in got[len(records):]]} after them, or another state")


# What several checks look at

def _is_now(value) -> bool:
    """Whether it is the time in whole milliseconds; an hour is left to machines that stand still."""
    return type(value) is int and abs(value / 1000 - time.time()) < 3600


def _stripe(saas) -> tuple[str, str]:
    return saas.stripe.base_url, saas.stripe.credentials["api_key"]


def _get(saas) -> tuple[str, str]:
    url, key = _stripe(saas)
    return url + CHARGES, key


def _mixpanel(saas) -> tuple[str, dict]:
    return saas.mixpanel.base_url, saas.mixpanel.credentials


def _amplitude(saas) -> tuple[str, dict]:
    return saas.amplitude.base_url, saas.amplitude.credentials


def _id(obj) -> str | None:
    return obj.get("id") if isinstance(obj, dict) else None


def _expect_ids(asked: CheckedFunction, got: list, due: list[str], in_order: bool = False) -> None:
    ids = [_id(obj) for obj in got]
    asked.expect(
        Counter(ids) == Counter(due),
        f"{len(due)} objects, each once",
        got=f"returned {len(ids)} objects, {len(set(ids))} ids",
    )
    asked.expect(
        not in_order or _rises([obj["created"] for obj in reversed(got)]),
        "them newest first",
        got="returned them in another order",
    )


def _rises(numbers: list[int]) -> bool:
    return all(a <= b for a, b in itertools.pairwise(numbers))


def _expect_requests(asked: CheckedFunction, api, most: int, due: str) -> None:
    made = len(api.requests())
    asked.expect(made <= most, due, got=f"made {made} requests")


def _expect_pages_of_a_hundred(asked: CheckedFunction, requests: list[dict]) -> None:
    queries = [request["query"] for request in requests if request["path"] == CHARGES]
    asked.expect(all("limit=100" in query for query in queries), "pages of 100", got="asked for pages of another size")


def _row(id: str, version: int, name: str = "") -> tuple[str, int, str]:
    return id, version, json.dumps({"id": id, "version": version, "name": name})


def _expect_rows(asked: CheckedFunction, path: str, due: dict, which: str = "the greatest version of each") -> None:
    """That the table raw has these rows, by stream and id."""
    there = kept_rows(path)
    keys = [(stream, id) for stream, id, _, _ in there]
    asked.expect(
        Counter(keys) == Counter(due.keys()),
        f"{len(due)} rows in the table raw, one for each id",
        got=f"left {len(keys)} rows",
    )
    wrong = [id for stream, id, version, payload in there if (version, payload) != due[stream, id][1:]]
    asked.expect(not wrong, f"{which}, with its payload", got=f"left another version or payload of {len(wrong)} rows")
