"""Meaning: what an event says, when exactly it is sent, and who answers for it."""

from environments.tracking.diagnostics import ERROR, WARNING
from environments.tracking.plan import Plan
from environments.tracking.rules.names import GESTURES
from environments.tracking.rules.registry import Findings, rule
from environments.tracking.words import words


@rule("TP201", ERROR, "Every event and property is described, in other words than its name.")
def described(plan: Plan) -> Findings:
    for thing in (*plan.events, *(prop for prop in plan.properties() if not prop.is_item)):
        said = words(thing.description)
        if not said:
            yield thing.at, f"`{thing.name}` has no description.", "Say in a sentence what it means, and what not."
        elif set(said) <= {*words(thing.name), "a", "an", "the", "of", "is", "was", "event", "property"}:
            yield thing.at, "the description only repeats the name.", "Say what it means to readers of a report."


@rule("TP202", ERROR, "An event's trigger says exactly when, where in the code, and how often.")
def triggered(plan: Plan) -> Findings:
    for event in plan.events:
        trigger = event.trigger
        missing = ["when", "where", "once_per"] if trigger is None else [
            key for key in ("when", "where", "once_per") if not getattr(trigger, key)]
        if missing:
            yield (event.at + ("/trigger" if trigger else ""), f"the trigger does not say {', '.join(missing)}.",
                   "Write trigger: {when: ..., where: ..., once_per: order}, so that two developers send the same.")


@rule("TP203", ERROR, "Every event has an owner, its own or the plan's.")
def owned(plan: Plan) -> Findings:
    for event in plan.events:
        if not (event.owner or plan.owner):
            yield event.at, f"nobody owns `{event.name}`.", "Add `owner:` here, or to the plan: a team that is asked."


@rule("TP204", ERROR, "An event is sent by the server or by clients, not by both.")
def sent_once(plan: Plan) -> Findings:
    for event in plan.events:
        where = {source.lower() for source in event.trigger.where} if event.trigger else set()
        if "server" in where and len(where) > 1:
            clients = ", ".join(sorted(where - {"server"}))
            yield (f"{event.at}/trigger/where", f"the server and {clients} send it: it is counted twice.",
                   "Keep the server, which knows that it happened.")


@rule("TP205", WARNING, "A trigger is a fact, not a gesture.")
def not_a_gesture(plan: Plan) -> Findings:
    for event in plan.events:
        gestures = GESTURES & set(words(event.trigger.when if event.trigger else ""))
        if gestures:
            yield (f"{event.at}/trigger/when",
                   f"the trigger is a gesture (`{min(gestures)}`): it may fail, or be made twice.",
                   "Say what is then true, such as: the server has stored the order.")


@rule("TP206", ERROR, "A question names events that answer it, and events name questions that the plan asks.")
def questions_answered(plan: Plan) -> Findings:
    for event in plan.events:
        for n, question in enumerate(event.answers):
            if question not in plan.questions:
                yield f"{event.at}/answers/{n}", f"the plan asks no question `{question}`.", "Add it to `questions:`."
    for question in plan.questions:
        events = [event for event in plan.events if question in event.answers]
        if not events:
            yield f"/questions/{question}", "no event answers this question.", "Name it in an event's `answers:`."
        elif all(event.status == "deprecated" for event in events):
            yield (f"/questions/{question}", f"only deprecated events answer it: {', '.join(e.name for e in events)}.",
                   "Name it in the successor's `answers:`.")


@rule("TP207", WARNING, "An event answers a question that somebody asks.")
def asked_for(plan: Plan) -> Findings:
    for event in plan.events if plan.questions else ():
        if not event.answers and event.status != "deprecated":
            yield event.at, f"`{event.name}` answers no question.", "Name one in `answers:`, or leave the event out."
