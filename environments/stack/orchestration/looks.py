"""What rules for alerts see of a replayed month (datasets.operations), as plain dicts, with what is usual beside it.

    score = played(Operations(seed=7), rules)     # what the rules cost
    seen_at(month, now)                           # what they see at a moment
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from datasets.operations import Observation, Operations
from datasets.paging import Alert, Score, replay, score

RECENT = timedelta(hours=24)
WEEKS = 4
FIELDS = ("at", "asset", "day", "status", "attempt", "will_retry", "rows", "null_rate", "watermark", "error")
Rules = Callable[[datetime, list[dict], list[dict]], Iterable[dict]]


def seen_as_dicts(now: datetime, seen: Sequence[Observation]) -> list[dict]:
    """What ended in the last 24 hours, oldest first; `usual_rows` is the mean of that weekday in the last weeks."""
    recent = seen[bisect_right(seen, now - RECENT, key=attrgetter("at")):]
    latest = {(each.asset, each.day): each.rows for each in seen if each.status == "success"} if recent else {}
    return [{name: getattr(each, name) for name in FIELDS}
            | {"holiday": each.holiday, "usual_rows": _usual(latest, each)} for each in recent]


def _usual(latest: dict, each: Observation) -> int:
    before = [latest.get((each.asset, each.day - timedelta(weeks=n)), 0) for n in range(1, WEEKS + 1)]
    known = [rows for rows in before if rows]
    return round(sum(known) / len(known)) if known else 0


def seen_at(month: Operations, now: datetime) -> list[dict]:
    """What rules see at a moment of the month."""
    return seen_as_dicts(now, [each for each in month.observations if each.at <= now])


def played(month: Operations, rules: Rules) -> Score:
    """What these rules would have cost in a month."""
    def rule(now: datetime, seen: tuple, raised: tuple) -> list[Alert]:
        before = [{"at": each.at, "asset": each.asset, "severity": each.severity, "what": each.what}
                  for each in raised]
        return [Alert(**each) for each in rules(now, seen_as_dicts(now, seen), before)]

    return score(month, replay(month, rule))
