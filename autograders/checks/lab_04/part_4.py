"""Checks of Lab 4, parts 4 and 5: errors by their kind, and raw records first."""

import json

from autograders.checks.lab_04.apis import (
    NOW,
    Shop,
    charge,
    serving,
)
from autograders.checks.lab_04.common import (
    CHARGES,
    TRUNCATED,
    expect_ids,
    expect_requests,
    getter,
)
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction, texts_of
from environments import faults
from environments.saas.effects import RespondWith

__all__ = ["a_refused_key_stops_it", "a_wrong_request_is_named", "drift_is_recorded", "every_hole_is_found",
           "it_gives_up", "nothing_is_dropped", "trouble_passes", "waits_grow"]

# 4 Errors by their kind

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
            got = asked(*getter(saas), {"limit": 3}, lambda seconds: None, when=f"after {name}")
            asked.expect(isinstance(got, dict) and "data" in got, "the answer's JSON, as a dict")
            expect_ids(asked, got["data"], [c["id"] for c in reversed(shop.charges)], in_order=True)
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
        asked(*getter(saas), {}, lambda seconds: waits.append(float(seconds)), when=when)
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
            ended = asked.ended(*getter(saas), {}, _patience(20, waits), when=f"with {name} every time")
            asked.expect(_is_connection_error(ended.error), "ConnectionError")
            tries = len(saas.stripe.requests())
        asked.expect(tries == 5, "five requests", got=f"made {tries} requests")
        asked.expect(len(waits) == 4, "no wait after the last try", got=f"called sleep {len(waits)} times")
    waits = []
    with serving(Shop()) as saas:
        gone, key = getter(saas)
    ended = asked.ended(gone, key, {}, _patience(20, waits), when="where nobody listens, and the connection is refused")
    asked.expect(_is_connection_error(ended.error), "ConnectionError")
    asked.expect(len(waits) == 4, "four waits, for five tries", got=f"called sleep {len(waits)} times")
    _expect_an_answer(asked, {})


def _expect_an_answer(asked: CheckedFunction, params: dict) -> None:
    """Where nothing is wrong: an answer that is an error whatever is asked earns nothing."""
    shop = Shop(charges=draw.randint(3, 9))
    with serving(shop) as saas:
        got = asked(*getter(saas), params, _patience(20), when=f"where nothing is wrong, with params = {params}")
    asked.expect(isinstance(got, dict) and "data" in got, "the answer's JSON, as a dict")
    expect_ids(asked, got["data"], [c["id"] for c in reversed(shop.charges)], in_order=True)


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
            url, key, sleep = *getter(saas), _patience(20)
            with saas.stripe.inject(fault):
                ended = asked.ended(url, key, {}, sleep, when=f"with {name}")
            asked.expect(isinstance(ended.error, PermissionError), "PermissionError")
            asked.expect(key[-4:] in str(ended.error), "the last four characters of the key in its message")
            asked.expect(
                not any(part in text for text in texts_of(ended.error) for part in _parts_of(key)),
                "no more of the key in the message, or in what the error was raised from",
                got="raised an error that shows it",
            )
            expect_requests(asked, saas.stripe, most=1, due="one request: trying again cannot help")
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
            url, key = getter(saas)
            when = f"with params = {params}" + (f" and the path {CHARGES}{more}" if more else "")
            ended = asked.ended(f"{url}{more}", key, params, _patience(20), when=when)
            asked.expect(
                isinstance(ended.error, ValueError) and words in str(ended.error), "ValueError with the API's message"
            )
            expect_requests(asked, saas.stripe, most=1, due="one request: it would be refused again")
    for status in (400, draw.choice((402, 404, 410, 422)), 408, 409, 425, 499):
        words = f"It is wrong for reason {draw.randint(100, 999)}."
        answer = RespondWith(status, None, words)
        fault = faults.RATE_LIMITED.but(name=f"refused_{status}", times=None, effects=(answer,))
        with serving(Shop(charges=1)) as saas, saas.stripe.inject(fault):
            ended = asked.ended(*getter(saas), {}, _patience(20), when=f"with {status} every time: {words}")
            asked.expect(
                isinstance(ended.error, ValueError) and words in str(ended.error), "ValueError with the API's message"
            )
            expect_requests(asked, saas.stripe, most=1, due="one request: of 4xx, only 429 is tried again")
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
