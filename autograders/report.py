"""A learner's score, as lines and as JSON."""

from autograders.score import Mark
from environments.course import Lab


def as_lines(one: Lab, marks: list[Mark]) -> list[str]:
    """What `labs check` prints: the sum, then what each failed check said, under the heading where to look."""
    checks = [m for m in marks if not m.by_hand]
    passed = sum(m.points == m.most for m in checks)
    lines = [f"lab {one.number}  {passed} of {len(checks)} checks pass  "
             f"{sum(m.points for m in checks):g}/{sum(m.most for m in checks):g} points"]
    by_hand = sum(m.most for m in marks if m.by_hand)
    if by_hand:
        lines[0] += f"  ({by_hand:g} more are given by a person)"
    for mark in checks:
        if mark.points < mark.most:
            lines += ["", f'{mark.name}  {mark.points:g}/{mark.most:g}  in "{mark.section}"',
                      *(f"  {line}" for line in mark.message.splitlines())]
    return lines


def as_dict(one: Lab, marks: list[Mark]) -> dict:
    checks = [m for m in marks if not m.by_hand]
    return {"lab": one.number, "points": sum(m.points for m in checks), "most": sum(m.most for m in checks),
            "by_hand": sum(m.most for m in marks if m.by_hand), "checks": [m.as_dict() for m in checks]}
