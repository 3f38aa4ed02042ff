"""Checks of Lab 7, parts 1 to 5: cron's nights, loads as assets, time, failure, and whether data can be believed."""

from datetime import UTC, date, datetime, timedelta

from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["failed_steps", "missing_nights", "overlapping_runs"]


# 1 Cron's nights

def _run(night: date, hour: float = 6, minutes: float = 40, codes: tuple[int, ...] = (0, 0, 0)) -> dict:
    started = datetime(night.year, night.month, night.day, tzinfo=UTC) + timedelta(hours=hour)
    return {"night": night, "started": started, "ended": started + timedelta(minutes=minutes), "codes": list(codes)}


def _nights(count: int) -> list[date]:
    first = date(2026, 2, 1) + timedelta(days=draw.randrange(300))
    return [first + timedelta(days=number) for number in range(count)]


def _told(function, name: str, look: str, runs: list[dict], nights: list[date], due: list[date], when: str) -> None:
    asked = CheckedFunction(function, look)
    got = asked(list(runs), nights[0], nights[-1], when=when)
    asked.expect(isinstance(got, dict) and name in got, "a dict with the keys failed, overlapped and missing")
    asked.expect(got[name] == due, f"{len(due)} nights as {name}, earliest first, each once",
                 got=f"told {len(got[name]) if isinstance(got[name], list) else got[name]} as {name}")


@repeatable
def failed_steps(function) -> None:
    look = "a step failed if its exit code is not 0, whatever the last step gave"
    nights = _nights(9)
    bad = sorted(draw.sample(nights[1:], 3))
    codes = {bad[0]: (1, 0, 0), bad[1]: (0, -9, 0), bad[2]: (0, 0, 137)}
    runs = [_run(night, codes=codes.get(night, (0, 0, 0))) for night in nights]
    draw.shuffle(runs)
    _told(function, "failed", look, runs, nights, bad, "where the first, a middle or the last step fails")
    again = [*runs, _run(bad[0], 9), _run(bad[1], 8, codes=(2, 0, 0))]
    _told(function, "failed", look, again, nights, bad, "where failed nights are run twice")
    _told(function, "failed", look, [_run(night) for night in nights], nights, [], "where no step fails")


@repeatable
def overlapping_runs(function) -> None:
    look = "put the runs in the order of their starts: has any that started before not ended yet?"
    nights = _nights(9)
    runs = [_run(night) for night in nights]
    same, late, touching = nights[2], nights[4], nights[6]
    runs += [_run(same, 6.5)]                                              # twice in one night
    runs[4] = _run(late, minutes=24 * 60 + 10)                             # still going on the next morning
    runs[6] = _run(touching, minutes=24 * 60)                              # ended just then
    draw.shuffle(runs)
    _told(function, "overlapped", look, runs, nights, [same, nights[5]],
          "where a night has two runs, one lasts into the next morning, and one ends as the next starts")
    long = [_run(nights[0], minutes=72 * 60), *[_run(night, minutes=5) for night in nights[1:]]]
    _told(function, "overlapped", look, long, nights, nights[1:3], "where one run lasts three days")
    _told(function, "overlapped", look, [_run(night) for night in nights], nights, [], "where none overlap")


@repeatable
def missing_nights(function) -> None:
    look = "go through all nights from first to last, those with no run at all, too"
    nights = _nights(9)
    gone = sorted({nights[0], nights[-1], *draw.sample(nights[2:7], 2)})
    runs = [_run(night, codes=(1, 0, 0)) for night in nights if night not in gone]
    outside = [_run(nights[0] - timedelta(days=3)), _run(nights[-1] + timedelta(days=2))]
    _told(function, "missing", look, runs + outside, nights, gone,
          "where the first, the last and two other nights have no run, and all others failed")
    _told(function, "missing", look, [], nights, nights, "where there are no runs at all")
