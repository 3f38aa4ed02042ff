"""A learner's score, as lines and as JSON."""

from autograders.announce import passed
from autograders.printable import MOST_WIDTH, bounded, printable, printable_lines
from autograders.score import Score
from environments.course import Lab


def as_lines(lab: Lab, score: Score) -> list[str]:
    """What `labs check` prints: the sum, a line for each check that passes, then what each failed one said, under the
    heading where to look. Both in the notebook's own words."""
    checks = [m for m in score.marks if not m.by_hand and not m.not_checked]
    passing = [m for m in checks if m.points == m.most]
    lines = [f"lab {lab.number}  {len(passing)} of {len(checks)} checks pass  "
             f"{sum(m.points for m in checks):g}/{sum(m.most for m in checks):g} points"]
    by_hand = sum(m.most for m in score.marks if m.by_hand)
    if by_hand:
        lines[0] += f"  ({by_hand:g} more are graded by hand)"
    lines += [""] * bool(passing) + [f"  {passed(m.name, m.most)}" for m in passing]
    for mark in checks:
        if mark.points < mark.most:
            lines += ["", f'{printable(mark.name)}  {mark.points:g}/{mark.most:g}  in "{printable(mark.section)}"',
                      *(f"  {line}" for line in printable_lines(mark.message))]
    not_checked = [f"{m.name}: {m.message}" for m in score.marks if m.not_checked]
    for what, told in (("not checked, and no points lost", not_checked), ("left out", score.left_out),
                       ("repaired before it was run, as grading would", score.repairs)):
        if told:
            lines += ["", what, *(f"  {printable(line, MOST_WIDTH)}" for line in told)]
    return lines


def as_dict(lab: Lab, score: Score) -> dict:
    checks = [m for m in score.marks if not m.by_hand]
    judged = [m for m in checks if not m.not_checked]
    return {"lab": lab.number, "points": sum(m.points for m in judged), "most": sum(m.most for m in judged),
            "by_hand": sum(m.most for m in score.marks if m.by_hand), "checks": [bounded(m.as_dict()) for m in checks],
            "repaired": bounded(list(score.repairs)), "left_out": bounded(list(score.left_out))}
