"""Checks of Lab 8, part 8: questions that no event answers any more."""

from datetime import date, timedelta

from autograders.checks.lab_08.plain import Case, ask
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["orphans"]


@repeatable
def orphans(function) -> None:
    """Each status, the last day and the day after it, and questions in an order that is not the alphabet's."""
    asked = CheckedFunction(function,
                            look="which events are sent on that day? A question without any of them is an orphan")
    names = ["revenue", "activation", "retention", "churn", "catalogue"]
    draw.shuffle(names)
    a, b, c = names[:3]
    last = date(2026, 1, 1) + timedelta(days=draw.randrange(300))
    day, before, after = (str(last + timedelta(days=n)) for n in (0, -1, 1))
    live = {"status": "live", "answers": [a, b, c]}
    going = {"status": "deprecated", "deprecated": {"until": day, "successor": "New"}, "answers": [c, b]}

    def plan(**events) -> dict:
        return {"questions": {name: "What?" for name in names[:3]}, "events": events}

    ask(asked, [
        Case("where live events answer all", (plan(One=live), day), [], "no orphan"),
        Case("where nothing answers", (plan(One=live | {"answers": []}), day), [a, b, c], "all, in the plan's order"),
        Case("where answers are left out or empty", (plan(One={"status": "live"},
                                                          Two={"status": "live", "answers": None}), day),
             [a, b, c], "all, in the plan's order"),
        Case("where only a planned event answers", (plan(One=live | {"status": "planned"}), day), [a, b, c],
             "all: a planned event is not sent yet"),
        Case("on the last day of a deprecated event", (plan(One=going), day), [a],
             "what it does not answer: it is still sent"),
        Case("on a day before it", (plan(One=going), before), [a], "what it does not answer: it is still sent"),
        Case("on the day after it", (plan(One=going), after), [a, b, c], "all: it is no longer sent"),
        Case("where a successor answers some of it", (plan(One=going, New={"status": "live", "answers": [b]}), after),
             [a, c],
             "what the successor does not answer"),
        Case("where it is deprecated without a last day",
             (plan(One=going | {"deprecated": {"reason": "unused"}}, Two={"status": "deprecated", "answers": [a]}),
              after), [],
             "no orphan: both are still sent"),
        Case("where two events answer the same, and the last has ended", (plan(One=live, Two=going), after), [],
             "no orphan: the first is live"),
        Case("where a live event already has a last day", (plan(One=going | {"status": "live"}), after), [a],
             "what it does not answer: it is live"),
        Case("of a plan without events", (plan(), day), [a, b, c], "all"),
        Case("of a plan without questions", ({"questions": {}, "events": {"One": live}}, day), [], "none"),
    ])
