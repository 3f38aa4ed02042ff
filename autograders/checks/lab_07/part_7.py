"""Checks of Lab 7, part 7: rules for alerts, played over a month whose incidents are known.

The rules are asked look by look, and get what was known then: nobody can look ahead.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from datasets.operations import Operations
from datasets.paging import NIGHT, Alert, Budget, Score, replay, score
from environments.stack.orchestration.looks import seen_as_dicts, seen_at

__all__ = ["age_before_it_is_late", "rules_are_quiet", "rules_find_all", "rules_let_sleep"]

HOUR = timedelta(hours=1)


# How old data may be

@repeatable
def age_before_it_is_late(function) -> None:
    """Loads at about six, a late one, a backfill; ages of whole hours."""
    asked = CheckedFunction(function, look="just before a load ends, the newest row is still that of the one before")
    first = datetime(2026, 3, 2, 6, tzinfo=UTC) + timedelta(days=draw.randrange(200))
    loads = [(first + timedelta(days=n, minutes=draw.randrange(4, 25)),
              first + timedelta(days=n, hours=-6, minutes=-draw.randrange(1, 10))) for n in range(14)]
    got = asked.number(loads, when="of two weeks of mornings")
    asked.expect(got == _limit(loads), "an hour more than a day and six hours")
    late = draw.randrange(3, 13)
    loads[late] = (loads[late][0] + 2 * HOUR, loads[late][1])
    got = asked.number(loads, when="where one morning is two hours late")
    asked.expect(got == _limit(loads), "two hours more, or so: that morning was no incident")
    old = loads[5][0] + 3 * HOUR, loads[5][1] - timedelta(days=20)
    got = asked.number([*loads[:6], old, *loads[6:]], when="where a backfill of an old day ends between two mornings")
    asked.expect(got == _limit(loads), "as without the backfill: it takes no new rows away")
    whole = draw.randrange(5, 23)
    got = asked.number([(first, first - HOUR), (first - HOUR + whole * HOUR, first)],
                       when="where the greatest age is whole hours")
    asked.expect(got == whole, "that many hours: data may be exactly that old")
    got = asked.number([(first, first - HOUR), (first - HOUR + whole * HOUR + timedelta(milliseconds=400), first)],
                       when="where the greatest age is whole hours and 400 milliseconds")
    asked.expect(got == whole + 1, "an hour more: a little older is older")
    got = asked.number([(first, first - 50 * HOUR), (first + HOUR, first - 2 * HOUR)],
                       when="where the first load brings old rows")
    asked.expect(got == 51, "the hours until the second load has ended")


def _limit(loads: list[tuple[datetime, datetime]]) -> int:
    newest, greatest = loads[0][1], timedelta(0)
    for ended, brought in loads[1:]:
        greatest = max(greatest, ended - newest)
        newest = max(newest, brought)
    return math.ceil(greatest / HOUR)


# A month of rules

RULE_LOOK = "play your rules over more months in the notebook, and look at found.frame() and found.false_alarms"


def _scored(function) -> tuple[CheckedFunction, Score]:
    """An unseen month, and what the rules did in it."""
    asked, month, alerts = _replayed(function)
    return asked, score(month, alerts)


def _replayed(function) -> tuple[CheckedFunction, Operations, list[Alert]]:
    asked = CheckedFunction(function, look=RULE_LOOK)
    month, looks = _month(1000 + draw.randrange(10**6))
    return asked, month, replay(month, lambda now, _, raised: _asked(asked, now, looks[now], raised))


@lru_cache(maxsize=1)
def _month(seed: int) -> tuple[Operations, dict[datetime, list[dict]]]:
    """A month, and what is seen at each look."""
    month, looks = Operations(seed), {}

    def look(now: datetime, seen: tuple, _) -> tuple:
        looks[now] = seen_as_dicts(now, seen)
        return ()

    replay(month, look)
    return month, looks


def _asked(asked: CheckedFunction, now: datetime, seen: list[dict], raised: Sequence[Alert]) -> list[Alert]:
    """What the rules raise at a look."""
    told = asked.items(now, seen,
                       [{"at": each.at, "asset": each.asset, "severity": each.severity, "what": each.what}
                        for each in raised], when="over an unseen month")
    good = [each for each in told if isinstance(each, dict) and isinstance(each.get("asset"), str)
            and each.get("severity") in ("page", "ticket") and isinstance(each.get("what", ""), str)]
    if len(good) < len(told):
        asked.fail("alerts: dicts with asset, severity (page or ticket) and what")
    return [Alert(each["asset"], each["severity"], each.get("what", "")) for each in good]


def _expect(asked: CheckedFunction, holds: bool, due: str, got: str) -> None:
    asked.when = "over an unseen month"
    asked.expect(holds, due, got=got)


@repeatable
def rules_find_all(function) -> None:
    """Every incident, loudly enough, in time; and the first once more, to rules that have raised nothing."""
    asked, month, alerts = _replayed(function)
    found = score(month, alerts)
    kinds = ", ".join(incident.kind for incident in found.missed)
    _expect(asked, not found.missed, "all eight incidents to be caught, by a page where it must be one",
            f"missed {kinds}")
    _expect(asked, (found.slowest or 0) <= Budget().minutes, f"each within {Budget().minutes} minutes",
            f"noticed the slowest after {found.slowest or 0:.0f} minutes")
    first = alerts[0].at
    again = _asked(asked, first, seen_at(month, first), ())
    asked.when = "where a look is asked once more, with nothing raised so far"
    asked.expect([each.asset for each in again] == [each.asset for each in alerts if each.at == first],
                 "the same alerts: what was raised is known from `raised` alone",
                 got=f"raised {', '.join(each.asset for each in again) or 'nothing'}")


@repeatable
def rules_are_quiet(function) -> None:
    """Few false alarms and repeats, by rules that do find most."""
    asked, found = _scored(function)
    _expect(asked, len(found.caught) >= 6, "rules that catch six incidents at least: who is silent is no help",
            f"caught {len(found.caught)}")
    why = ", ".join(sorted({alarm.why or "no reason that is known" for alarm in found.false_alarms}))
    _expect(asked, len(found.false_alarms) <= Budget().false_alarms, f"{Budget().false_alarms} false alarms at most",
            f"{len(found.false_alarms)} false alarms ({why})")
    _expect(asked, len(found.repeats) <= Budget().repeats, f"{Budget().repeats} repeats at most",
            f"{len(found.repeats)} alerts about what was known")


@repeatable
def rules_let_sleep(function) -> None:
    """No page between 22:00 and 06:00, and yet a word about what happens then."""
    asked, found = _scored(function)
    sheet = [each for each in found.outcomes if each.incident.kind == "crm_failed" and each.alert]
    _expect(asked, bool(sheet), "the sheet that failed at 01:00 to be told, as a ticket", "no word about it")
    _expect(asked, not found.night_pages, f"no page from {NIGHT[0].start}:00 to 0{NIGHT[1].stop}:00",
            f"{len(found.night_pages)} pages at night")
