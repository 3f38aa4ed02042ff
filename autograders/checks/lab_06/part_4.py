"""Checks of Lab 6, part 4: numbers that equal the mart, how old they are, and for how long they are kept."""

from datetime import UTC, date, datetime, timedelta

from autograders.checks.lab_06.marts import asked_of, months, text
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["every_month_is_compared", "old_data_says_so", "the_cache_has_a_bound", "to_the_cent"]

COMPARE = "by month in both directions; dollars to cents with round(100 * dollars); milliseconds since 1970 in UTC"


def _pair(count: int, unit: int = 1) -> tuple[list[dict], list[tuple[date, int]]]:
    """What a chart shows, and the same of the mart, each in an order of its own; all in so many cents."""
    mart = [(month, draw.randint(1, 10**7 // unit) * unit) for month in months(count)]
    shown = [{"month": _ms(month), "mrr": cents / 100} for month, cents in mart]
    draw.shuffle(shown)
    return shown, mart


def _ms(month: date) -> float:
    return datetime(month.year, month.month, month.day, tzinfo=UTC).timestamp() * 1000


def _compared(function) -> CheckedFunction:
    asked = CheckedFunction(function, look=COMPARE)
    asked.local_zone = draw.choice(("America/Los_Angeles", "Pacific/Honolulu", "America/New_York"))
    return asked


@repeatable
def to_the_cent(function) -> None:
    """Equal, a cent off, and floats whose cents are no whole number until they are rounded."""
    asked = _compared(function)
    shown, mart = _pair(8)
    asked.expect(asked.items(shown, mart, when="of a chart that equals the mart") == [], "[]")
    odd = [(month, cents) for month, cents in zip(months(5), (29, 57, 113, 1999, 819999), strict=True)]
    same = [{"month": _ms(month), "mrr": cents / 100} for month, cents in odd]
    asked.expect(asked.items(same, odd, when="with $0.29, $0.57 and $1.13") == [], "[]: floats of whole cents")
    off = draw.choice(shown)
    month = datetime.fromtimestamp(off["month"] / 1000, UTC).date()
    for cents in (1, -1):
        wrong = [row | {"mrr": row["mrr"] + cents / 100} if row is off else row for row in shown]
        asked.expect(asked.items(wrong, mart, when="with one month a cent off") == [month], "that month")
    none = [row | {"mrr": None} if row is off else row for row in shown]
    asked.expect(asked.items(none, mart, when="with one month without a number") == [month], "that month")
    others = [row for row in mart if row[0] != month]
    asked.expect(asked.items(none, [(month, 0), *others], when="with one month without a number that has 0 in the mart")
                 == [month], "that month")


@repeatable
def every_month_is_compared(function) -> None:
    """A month that only one side has, one that is shown twice, several, and none at all."""
    asked = _compared(function)
    shown, mart = _pair(6, unit=100)
    first, second, third = (mart[place][0] for place in draw.sample(range(6), 3))

    def without(rows: list, *gone: date) -> list:
        return [row for row in rows if (row[0] if isinstance(row, tuple) else _day(row)) not in gone]

    twice = next(row for row in shown if _day(row) == second)
    for when, left, right, due in (
        ("with a month that the chart lacks", without(shown, first), mart, [first]),
        ("with a month that the mart lacks", shown, without(mart, first), [first]),
        ("with a month that is shown twice", [*shown, dict(twice)], mart, [second]),
        ("with a month without a number that the mart lacks",
         [row | {"mrr": None} if row is twice else row for row in shown], without(mart, second), [second]),
        ("with three months in trouble", [*without(shown, first), dict(twice)], without(mart, third),
         sorted([first, second, third])),
        ("with a chart that shows nothing", [], mart, sorted(month for month, _ in mart)),
        ("with an empty mart", shown, [], sorted(month for month, _ in mart)),
        ("with nothing on both sides", [], [], []),
    ):
        asked.expect(asked.items(left, right, when=when) == due, "these months, sorted, once each" if due else "[]")


def _day(row: dict) -> date:
    return datetime.fromtimestamp(row["month"] / 1000, UTC).date()


# Freshness

FRESH = "date_diff counts the hours that begin between two moments, date_sub whole hours; max() of no row is NULL"


@repeatable
def old_data_says_so(function) -> None:
    """Ages below and above the limit, a few minutes into an hour, several builds, and none."""
    asked = CheckedFunction(function, look=FRESH)
    sql = text(asked, asked(when="as it is"))
    written = datetime.now(UTC)  # who asked the clock for it, did so before
    zone = draw.choice(("Asia/Tokyo", "Asia/Kolkata", "Pacific/Honolulu"))  # where no clock is ever changed
    minutes = draw.randint(3, 50)
    for when, ages, due in (
        ("a build of some minutes ago", [minutes], ("fresh", 0)),
        ("a build of 25 h 50 min ago", [25 * 60 + 50], ("fresh", 25)),
        ("a build of 26 h 10 min ago", [26 * 60 + 10], ("stale", 26)),
        ("a build of 59 min more than 3 hours ago", [4 * 60 - 1], ("fresh", 3)),
        ("a build of 1 min more than 4 hours ago", [4 * 60 + 1], ("fresh", 4)),
        ("a build of 9 days ago", [9 * 24 * 60 + 5], ("stale", 216)),
        ("three builds, the last 5 hours ago", [99 * 60 + 1, 5 * 60 + 2, 51 * 60], ("fresh", 5)),
        ("no build", [], ("never built", None)),
    ):
        asked.call, asked.when, asked.got = f"freshness() with {when}", f"with {when}", "was asked"
        now = datetime.now(UTC)
        rows = [(now - timedelta(minutes=age, seconds=20),) for age in ages]
        _tell(asked, sql, rows, zone, due)
    for when, built, due in (
        ("a build that got 4 hours old when this was written", [(written - timedelta(hours=4),)], ("fresh", 4)),
        ("a build of exactly 26 hours ago", "select now() - interval 26 hours as built_at", ("fresh", 26)),
        ("a build of 26 hours and a second ago", "select now() - interval '26 hours 1 second' as built_at",
         ("stale", 26)),
    ):
        asked.call, asked.when, asked.got = f"freshness() with {when}", f"with {when}", "was asked"
        _tell(asked, sql, built, zone, due)


def _tell(asked: CheckedFunction, sql: str, builds: list[tuple] | str, zone: str, due: tuple) -> None:
    found = asked_of(asked, f"select state, hours from (\n{sql}\n) as freshness",
                     {"marts.mart_builds": ("built_at timestamptz", builds)}, zone)
    asked.expect(found == [due], "one row: its state, and its age in whole hours", got=f"gives {str(found)[:120]}")


# Cache

@repeatable
def the_cache_has_a_bound(function) -> None:
    """Each place where a number may be set, the one that wins, 0, -1, and none."""
    asked = CheckedFunction(function, look="the first that is not None counts, whatever the others say; then 0 is the "
                                           "default, and -1 keeps nothing")
    day, a, b, c = 86400, *draw.sample(range(30, 4000), 3)
    for when, given, due in (
        ("none set", (None, None, None, day), day),
        ("the chart's", (a, None, None, day), a), ("the dataset's", (None, b, None, day), b),
        ("the database's", (None, None, c, day), c),
        ("the chart's before all others", (a, b, c, day), a),
        ("the dataset's before the database's", (None, b, c, day), b),
        ("the larger one first", (c + 5000, b, c, day), c + 5000),
        ("0 at the chart", (0, b, c, day), day), ("0 at the dataset", (None, 0, c, a), a),
        ("0 at the database", (None, None, 0, day), day),
        ("-1 at the chart", (-1, b, c, day), 0), ("-1 at the database", (None, None, -1, day), 0),
        ("a number before -1", (a, -1, -1, day), a),
        ("none set and -1 by default", (None, None, None, -1), 0),
        ("0 at the chart and -1 by default", (0, b, c, -1), 0),
    ):
        got = asked.number(*given, when=f"with {when}")
        asked.expect(got == due, "the seconds for which a number may be old")
