"""Whether what was loaded can be believed: checks that stop what depends on a load, while readers keep yesterday's.

A run that went well has not brought anything by that: each check asks the rows themselves.
"""

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import dagster as dg

from environments.stack.orchestration.feeds import CHECKED, COMPANY, FEEDS, Feed
from environments.stack.orchestration.resources import Clock, WarehouseFile

WEEKS = 4           # that a day is compared with, on their same weekday
FEW = 20            # rows on such a day: below that any number is usual
LEAST, MOST = 0.5, 2.0  # of the usual number
MORE_NULLS = 0.05   # of all rows than usual, and at least what few rows differ by, by chance:
CHANCE = 4          # standard deviations
FRESH, VOLUME, NULLS = "is_fresh", "has_usual_volume", "has_usual_nulls"


def checks_of(name: str) -> dg.AssetChecksDefinition:
    """The three checks of a load, in one step."""
    specs = [dg.AssetCheckSpec(check, asset=name, blocking=True) for check in (FRESH, VOLUME, NULLS)]

    @dg.multi_asset_check(name=f"{name}{CHECKED}", specs=specs)
    def checks(context: dg.AssetCheckExecutionContext, clock: Clock,
               warehouse: WarehouseFile) -> Iterator[dg.AssetCheckResult]:
        day = day_of(context.run.tags.get("dagster/partition"), clock.now())
        with warehouse.connect() as con:
            yield fresh(con, name, clock.now())
            yield from usual(con, name, day)

    return checks


def day_of(partition: str | None, now: datetime) -> date:
    """The day that a run is about: its partition, or the last whole day of the company."""
    return date.fromisoformat(partition) if partition else now.astimezone(COMPANY).date() - timedelta(days=1)


def fresh(con, name: str, now: datetime) -> dg.AssetCheckResult:
    """By the watermark of the data, not by when a run ended."""
    feed = FEEDS[name]
    newest, = con.execute(f"select epoch(max({feed.time})::timestamptz) from raw.{feed.table}").fetchone()
    hours = None if newest is None else (now.timestamp() - newest) / 3600
    return dg.AssetCheckResult(
        asset_key=name, check_name=FRESH, passed=hours is not None and hours * 3600 <= feed.late.total_seconds(),
        metadata={"hours": -1.0 if hours is None else round(hours, 2), "limit": feed.late.total_seconds() / 3600})


def usual(con, name: str, day: date) -> Iterator[dg.AssetCheckResult]:
    """This day's rows and nulls against the same weekday of the last weeks; without any, whatever comes is usual."""
    feed = FEEDS[name]
    rows, nulls = _counted(con, feed, day)
    before = [_counted(con, feed, day - timedelta(weeks=week)) for week in range(1, WEEKS + 1)]
    before = [(n, of) for n, of in before if n]
    mean = sum(n for n, _ in before) / len(before) if before else 0.0
    yield dg.AssetCheckResult(
        asset_key=name, check_name=VOLUME, passed=mean < FEW or LEAST * mean <= rows <= MOST * mean,
        metadata={"rows": rows, "usually": round(mean, 1)})
    rows_then, nulls_then = sum(n for n, _ in before), sum(of for _, of in before)
    now = nulls / rows if rows else 0.0
    then = nulls_then / rows_then if before else 1.0
    yield dg.AssetCheckResult(
        asset_key=name, check_name=NULLS,
        passed=rows < FEW or not before or now - then <= max(MORE_NULLS, _chance(rows, nulls, rows_then, nulls_then)),
        metadata={"share": round(now, 4), "usually": round(then, 4)})


def _chance(rows: int, nulls: float, rows_then: int, nulls_then: float) -> float:
    """By how much two shares of nulls may differ although nothing has changed. What was usual is known of few rows,
    too: a day that is loaded again soon after the table began has one week before it."""
    share = (nulls + nulls_then) / (rows + rows_then)
    return CHANCE * math.sqrt(share * (1 - share) * (1 / rows + 1 / rows_then))


def _counted(con, feed: Feed, day: date) -> tuple[int, float]:
    """Rows of a day of the company, and in how many of them one of the columns is null, as a mean over the columns."""
    first, end = (datetime.combine(each, time(), COMPANY) for each in (day, day + timedelta(days=1)))
    nulls = " + ".join(f"count(*) filter ({column} is null)" for column in feed.usually)
    rows, empty = con.execute(
        f"select count(*), ({nulls}) / {len(feed.usually)} from raw.{feed.table} "
        f"where {feed.time}::timestamptz >= ? and {feed.time}::timestamptz < ?", [first, end]).fetchone()
    return rows, empty
