"""Checks of Lab 6, part 5: a title that says what was found, and colours that everybody tells apart."""

from datetime import date
from itertools import combinations

from autograders.checks.lab_06.callables import seen, seen_by_others
from autograders.checks.lab_06.marts import months
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["colours_stay_apart", "titles_say_what_was_found"]

SAYS = "the latest month against the one before, by date; f\"{cents / 100:,.0f}\" and f\"{change:.1f}\""


@repeatable
def titles_say_what_was_found(function) -> None:
    """Up, down, hardly at all, from nothing; months in any order."""
    asked = CheckedFunction(function, look=SAYS)
    before = draw.randint(4000, 9000) * 100 + 12
    for when, first, last, due in (
        ("cents that are more than half a dollar", 100_000, 149_987, "MRR rose 50.0 % to {} in {}"),
        ("a rise", before, _whole(before * 1.042), "MRR rose 4.2 % to {} in {}"),
        ("a fall", before, _whole(before * 0.913), "MRR fell 8.7 % to {} in {}"),
        ("a rise of a twentieth of a per cent", 10_000_000, 10_006_000, "MRR rose 0.1 % to {} in {}"),
        ("a change that is 0.0 %", 10_000_000, 10_004_000, "MRR stayed at {} in {}"),
        ("a fall that is 0.0 %", 10_000_000, 9_996_000, "MRR stayed at {} in {}"),
        ("no change", before, before, "MRR stayed at {} in {}"),
        ("a rise from nothing", 0, before, "MRR rose from $0 to {} in {}"),
        ("nothing after nothing", 0, 0, "MRR stayed at {} in {}"),
        ("a fall to nothing", before, 0, "MRR fell 100.0 % to {} in {}"),
        ("more than a doubling", before, _whole(before * 12.5), "MRR rose 1150.0 % to {} in {}"),
    ):
        rows: list[tuple[date, int]] = [(month, draw.randint(1, 10**6)) for month in months(5)]
        rows[-2:] = [(rows[-2][0], first), (rows[-1][0], last)]
        month = rows[-1][0]
        draw.shuffle(rows)
        dollars = f"${last / 100:,.0f}"
        got = asked(rows, when=f"with {when}")
        asked.expect(got == due.format(dollars, f"{month:%B %Y}"), "the sentence of the docstring")
    first, second, _, last = months(4)
    got = asked([(last, 250_000), (first, 100_000), (second, 200_000)],
                when="with a month that is missing before the last")
    asked.expect(got == f"MRR rose 25.0 % to $2,500 in {last:%B %Y}", "the sentence of the docstring")
    pair = months(2)
    got = asked([(pair[0], 100_000), (pair[1], 150_000)], when="with two months")
    asked.expect(got == f"MRR rose 50.0 % to $1,500 in {pair[1]:%B %Y}", "the sentence of the docstring")


def _whole(cents: float) -> int:
    """Nearly these cents, and never half a dollar, which one may round up or to the even number."""
    return round(cents / 100) * 100 + draw.choice((12, -13))


SIGHTS = ("full", "protanopia", "deuteranopia")


def smallest(colours: list[str], seen=seen) -> float:
    """The smallest distance between two colours in one of the three kinds of sight."""
    return min(sum((a - b) ** 2 for a, b in zip(seen(one, sight), seen(other, sight), strict=True)) ** 0.5
               for sight in SIGHTS for one, other in combinations(colours, 2))


@repeatable
def colours_stay_apart(function) -> None:
    """Pairs that one kind of sight confuses, neighbours and strangers in a list, a colour that is there twice."""
    asked = CheckedFunction(function, look="each pair of different places, in each of the three sights; never one "
                                           "sight against another")
    drawn = [f"#{draw.randrange(256**3):06X}" for _ in range(6)]
    for when, colours in (("black and white", ["#000000", "#FFFFFF"]), ("red and green", ["#D62728", "#2CA02C"]),
                          ("a pair that is close without red cones", ["#8B4513", "#2F5D1E"]),
                          ("blue and violet", ["#1F77B4", "#9467BD"]),
                          ("the first and the last alike", [drawn[0], *drawn[1:4], drawn[0]]),
                          ("six colours", drawn), ("small letters", [colour.lower() for colour in drawn[:3]])):
        got = asked.number(colours, seen, when=f"with {when}")
        asked.expect(abs(got - smallest(colours)) < 0.01, "the smallest distance")
    for when, others in (("six colours", drawn), ("red and green", ["#D62728", "#2CA02C"])):
        got = asked.number(others, seen_by_others, when=f"with {when} and another seen()")
        asked.expect(abs(got - smallest(others, seen_by_others)) < 0.01, "the smallest distance")
