"""Checks of Lab 4, part 3: loading twice is the same as loading once."""

import itertools

from autograders.checks.lab_04.apis import (
    NOW,
)
from autograders.checks.lab_04.common import (
    expect_rows,
    row,
)
from autograders.checks.lab_04.warehouse import empty_warehouse, kept_position
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["a_broken_run_loads_nothing", "first_all_then_changes", "loading_twice_changes_nothing",
           "newest_row_stays", "no_position_without_its_rows", "nothing_changes_unseen", "ties_are_decided"]


@repeatable
def newest_row_stays(function) -> None:
    asked = CheckedFunction(
        function, look="on conflict (stream, id) do update ..., where the new version is not smaller"
    )
    with empty_warehouse() as path:
        rows = [row(id, at, "O'Brien") for id in ("a", "b", "c") for at in draw.sample(range(1, 90), 3)]
        due = {("charges", id): max(r for r in rows if r[0] == id) for id in ("a", "b", "c")}
        asked(path, "charges", rows, 90, when="with three versions of each row, in any order, of a Mr O'Brien")
        expect_rows(asked, path, due)
        asked(
            path,
            "charges",
            [row("a", 95), row("b", 0)],
            95,
            when="with a newer version of one row, and an older one of another",
        )
        expect_rows(asked, path, due | {("charges", "a"): row("a", 95)})
        asked(path, "customers", [row("a", 99)], 99, when="with a row of another stream, of the same id")
        expect_rows(asked, path, due | {("charges", "a"): row("a", 95), ("customers", "a"): row("a", 99)})
        asked(
            path,
            "charges",
            [row("a", 97)],
            97,
            when="with a newer version of a row, older than another stream's of the same id",
        )
        expect_rows(asked, path, due | {("charges", "a"): row("a", 97), ("customers", "a"): row("a", 99)})
    with empty_warehouse() as path:
        late = NOW * 1000 + draw.randint(100, 900)
        rows = [row("a", late), row("a", late + 1), row("b", late + 1), row("b", late)]
        asked(path, "mixpanel", rows, 5, when=f"with versions in milliseconds: {late}, and one more")
        expect_rows(asked, path, {("mixpanel", id): row(id, late + 1) for id in ("a", "b")})


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
        rows = [row(id, version, f"change {n}") for n in (2, 3, 1) for id in ids for version in (5, 4)]
        due = {("charges", id): row(id, 5, "change 2") for id in ids}
        asked(path, "charges", rows, 5, when="with three changes of each row in one second, the latest first")
        expect_rows(asked, path, due, "of equal versions the first")
        rows = [row for row in rows if row[0] in ids[:9]]
        asked(path, "charges", rows, 5, when="with some of these rows again")
        expect_rows(asked, path, due, "the same as before")
        again = [row(ids[0], 5, "change 25"), *rows]
        asked(path, "charges", again, 5, when="with one more change in the same second, before the others")
        due["charges", ids[0]] = row(ids[0], 5, "change 25")
        expect_rows(asked, path, due, "the change that is first in rows, although the table has that version")


@repeatable
def loading_twice_changes_nothing(function) -> None:
    asked = CheckedFunction(function, look="a row that is there is updated, not added; a position, too")
    with empty_warehouse() as path:
        rows = [row(f"id{n}", n) for n in range(draw.randint(5, 30))]
        for time, position in (
            ("the first time", 40),
            ("the second time", 40),
            ("once more, at a later position", 41),
            ("with no rows", 42),
            ("at an earlier position, as if to load the past again", 39),
        ):
            asked(path, "charges", [] if position == 42 else rows, position, when=time)
            expect_rows(asked, path, {("charges", r[0]): r for r in rows})
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
    rows = [row(f"id{n}", n) for n in range(draw.randint(5, 30))]
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
        expect_rows(asked, path, {("charges", r[0]): r for r in rows})


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
