"""Months as bills count them: from an anchor, whose day is kept where a month has it."""

from calendar import monthrange
from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=100_000)
def after(anchor: int, months: int) -> int:
    """The moment so many months after an anchor, in Unix seconds (UTC): 31 January, 28 or 29 February, 31 March."""
    moment = datetime.fromtimestamp(anchor, UTC)
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return int(moment.replace(year=year, month=month + 1, day=day).timestamp())


@lru_cache(maxsize=10_000)
def _month_of_day(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m")


def month(moment: int) -> str:
    """The month of a moment (UTC), such as "2026-06"."""
    return _month_of_day(moment // 86_400)


@lru_cache(maxsize=10_000)
def _name_of_day(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d")


def day(moment: int) -> str:
    """The day of a moment (UTC), such as "2026-06-30"."""
    return _name_of_day(moment // 86_400)


def start_of(name: str) -> int:
    """The first second of a month, "2026-06", or of a day, "2026-06-30"."""
    return int(datetime.strptime(name, "%Y-%m" if len(name) == 7 else "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
