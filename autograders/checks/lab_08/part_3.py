"""Checks of Lab 8, part 3: the student's plan, by its rules and by what its door accepts and keeps out."""

from collections.abc import Iterator

from autograders.checks.lab_08.plans import (
    GONE,
    LISTED,
    OWN,
    PLATFORMS,
    SENT,
    SERVERS,
    SITE,
    PlanAsked,
    as_planned,
    at,
    clean,
    made,
    of_world,
)
from autograders.checks.lab_08.worlds import unseen
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from environments.tracking import problems
from environments.tracking.diagnostics import pointer
from environments.tracking.door import Reason

__all__ = ["clean_events_pass", "copies_stay_out", "missing_properties_stay_out", "names_keep_the_convention",
           "people_stay_out", "plan_keeps_the_rules", "testers_stay_out", "wrong_clocks_stay_out",
           "wrong_types_stay_out", "wrong_values_stay_out"]

HOUR, MINUTE = 3_600_000, 60_000
OUT = "to be kept out for that reason"


@repeatable
def plan_keeps_the_rules(*functions) -> None:
    plan = PlanAsked(*functions)
    for site in SENT:
        asked = plan.part(site)
        name = plan.named(site)
        event = next(each for each in plan.plan.events if each.name == name)
        when = f"in the event of {site}"
        plan.expect(asked, when, len(plan.sent_from(site)) == 1, "one event alone from this place", "has several")
        plan.expect(asked, when, bool(event.owner), "an owner of its own", "names none")
        due = "planned" if site in ("gifts/paid", "deliveries/moved") else "live"
        plan.expect(asked, when, event.status == due, f"the status {due}", f"has {event.status or 'none'}")
        assert event.trigger
        source = "server" if site in SERVERS else ""
        plan.expect(asked, when, event.trigger.where == {source: site},
                    f"where: {{server: {site}}}" if source else f"where: {site}, for all clients",
                    f"says {', '.join(event.trigger.where) or 'clients'}")
    plan.expect(plan.head, "with all events", len(plan.plan.events) == len(SENT), f"a plan of {len(SENT)} events",
                f"made one of {len(plan.plan.events)}")
    found = problems(plan.plan)
    said = found[0] if found else None
    blamed = next((plan.part(site) for site, name in plan.names.items()
                   if said and f"{said.pointer}/".startswith(f"{pointer('events', name)}/")), plan.head)
    plan.expect(blamed, "by the rules of labs plan check", not found, "nothing that a rule finds",
                f"breaks {said.code} at {said.pointer}: {said.message}"[:240] if said else "")


@repeatable
def names_keep_the_convention(*functions) -> None:
    plan = PlanAsked(*functions)
    for what, names in (("events", plan.plan.events_named), ("properties", plan.plan.properties_named)):
        plan.expect(plan.head, f"in convention.{what}", names is not None and bool(names.case), "a case", "states none")
    names = plan.plan.events_named
    plan.expect(plan.head, "in convention.events", bool(names and names.order), "an order", "states none")
    plan.expect(plan.head, "in convention.events", bool(names and (names.tense or names.actions)),
                "a tense, or a list of actions", "states none")
    plan.expect(plan.head, "in the whole convention",
                not any(each and each.exceptions for each in (names, plan.plan.properties_named)),
                "no exceptions: nothing is sent under these names yet", "has some")
    found = [said for said in problems(plan.plan) if said.code.startswith("TP1")]
    for site in SENT:
        wrong = next((said for said in found if said.pointer == pointer("events", plan.named(site))), None)
        plan.expect(plan.part(site), f"in the name of {site}", wrong is None, "a name in the plan's own convention",
                    f"breaks {wrong.code}: {wrong.message}"[:200] if wrong else "")
    rest = next(iter(found), None)
    plan.expect(plan.head, "in all names", rest is None, "names in the plan's own convention",
                f"breaks {rest.code}: {rest.message}"[:200] if rest else "")


@repeatable
def clean_events_pass(*functions) -> None:
    plan = PlanAsked(*functions)
    door = plan.door()
    fine = clean(plan)
    refused: dict[str, Reason] = {}
    for (site, _), (_, reasons) in zip(fine, door.sort(record for _, record in fine), strict=True):
        if reasons:
            refused.setdefault(site, reasons[0])
    for site in SENT:
        many = sum(each == site for each, _ in fine)
        plan.expect(plan.part(site), f"with clean events of {site}", site not in refused,
                    "each to be accepted", f"refuses one of {many}: {refused.get(site)}")
    someone = made(plan, "landing/page")[1] | {"user_id": None, "device_id": "d2"}
    _expect_accepted(plan, "with an event of nobody signed in", someone)


def _expect_accepted(plan: PlanAsked, when: str, record: dict) -> None:
    got = plan.door().reasons(record)
    plan.expect(plan.head, when, not got, "it to be accepted", f"refuses it: {got[0] if got else ''}")


def _expect_reason(plan: PlanAsked, asked: CheckedFunction, when: str, where: str, bad: dict, fine: dict,
                   *kinds: str) -> None:
    """Against `bad` there is a reason of these kinds at a place, and against `fine` none of them there."""
    got = plan.reasons(bad)
    plan.expect(asked, when, bool(at(got, where) & {*kinds}), OUT,
                f"refuses it for another reason: {got[0]}" if got else "accepts it")
    against = at(plan.reasons(fine), where) & {*kinds}
    plan.expect(asked, when, not against, "the same event without that to pass", f"refuses it, too: {against}")


def _property(name: str) -> str:
    return pointer("properties", name)


def _each_property() -> Iterator[tuple[str, str, str]]:
    for site, own in OWN.items():
        yield from ((site, name, kind) for name, kind in own.items())


@repeatable
def missing_properties_stay_out(*functions) -> None:
    plan = PlanAsked(*functions)
    for site, name, _ in _each_property():
        bad, fine = made(plan, site, **{name: GONE})[1], made(plan, site)[1]
        _expect_reason(plan, plan.part(site), f"with {site} without {name}", _property(name), bad, fine, "missing")
    for site in SENT:
        bad, fine = made(plan, site, platform=GONE)[1], made(plan, site)[1]
        _expect_reason(plan, plan.head, f"with {site} without platform", _property("platform"), bad, fine, "missing")
    _world_stays_out(plan, "missing_property")


def _world_stays_out(plan: PlanAsked, defect: str) -> None:
    """Records of an unseen world with one defect, in a door of their own."""
    through = {site for site, record in of_world(plan, defect) if not plan.reasons(record)}
    for site in SENT:
        plan.expect(plan.part(site), f"with events of another Teaspoon that have a {defect.replace('_', ' ')}, {site}",
                    site not in through, "none to be accepted", "accepts one")


@repeatable
def wrong_types_stay_out(*functions) -> None:
    plan = PlanAsked(*functions)
    wrong = {"integer": ["3", 2.5, True, [3], None], "string": [3, ["/"], False, None],
             "decimal": [25, 25.5, "25,00", "$25", "", "1e3", None],
             "date-time": ["2026-07-02T17:30:00", "2026-07-02", "tomorrow", 1783027800, None]}
    for site, name, kind in _each_property():
        for value in wrong[kind]:
            bad, fine = made(plan, site, **{name: value})[1], made(plan, site)[1]
            _expect_reason(plan, plan.part(site), f"with {site} whose {name} is {value!r}", _property(name), bad, fine,
                           "wrong type", "not allowed")
    _world_stays_out(plan, "type_drift")


@repeatable
def wrong_values_stay_out(*functions) -> None:
    plan = PlanAsked(*functions)
    for (site, name), values in LISTED.items():
        for value in (draw.choice(values).upper() + "x", f"{draw.choice(values)} ", "other", ""):
            bad, fine = made(plan, site, **{name: value})[1], made(plan, site)[1]
            _expect_reason(plan, plan.part(site), f"with {site} whose {name} is {value!r}", _property(name), bad, fine,
                           "not allowed")
    for value in ("Web", "browser", "IPHONE", "ANDROID APP", "tv", ""):
        site = draw.choice(list(SENT))
        for name in PLATFORMS:
            bad, fine = made(plan, site, platform=value)[1], made(plan, site, platform=name)[1]
            _expect_reason(plan, plan.head, f"with the platform {value!r}", _property("platform"), bad, fine,
                           "not allowed")


@repeatable
def people_stay_out(*functions) -> None:
    plan = PlanAsked(*functions)
    for site in SENT:
        for name in ("email", "phone"):
            bad, fine = made(plan, site, **{name: "ann@example.com"})[1], made(plan, site)[1]
            _expect_reason(plan, plan.part(site), f"with {site} that has a property {name}", _property(name), bad, fine,
                           "unplanned property")
    _world_stays_out(plan, "personal_data")
    name = plan.named("search/results")
    query = next((prop for event in plan.plan.events if event.name == name for prop in event.properties
                  if prop.name == "query"), None)
    asked = plan.part("search/results")
    plan.expect(asked, "in the property query", bool(query and query.personal_data in ("personal", "sensitive")),
                "the class personal: people type anything", f"has {query.personal_data if query else 'no query'}")
    plan.expect(asked, "in the property query", bool(query and query.purpose and query.delete_after_days == 90),
                "a purpose, and 90 days until it is deleted", "says another thing, or nothing")
    user = next((prop for prop in plan.plan.envelope if prop.name == "user_id"), None)
    plan.expect(plan.head, "in envelope.user_id", bool(user and user.personal_data == "pseudonymous"),
                "the class pseudonymous", f"has {user.personal_data if user else 'no user_id'}")


@repeatable
def copies_stay_out(*functions) -> None:
    plan = PlanAsked(*functions)
    one = made(plan, "landing/page")[1]
    other = one | {"id": "copy", "received_ms": one["received_ms"] + 5000}
    for when, second in (("with a copy that has the same id", dict(one)), ("with a copy that has another id", other)):
        door = plan.door()
        reasons = [reasons for _, reasons in door.sort([one, second])]
        plan.expect(plan.head, when, {reason.kind for reason in reasons[1]} == {"copy"}, OUT, _said(reasons[1]))
        plan.expect(plan.head, when, not reasons[0], "the first to be accepted", _said(reasons[0]))
    later = one | {"time_ms": one["time_ms"] + 1}
    reasons = [reasons for _, reasons in plan.door().sort([one, later])]
    plan.expect(plan.head, "with the same event a millisecond later", not any(reasons), "both to be accepted",
                _said(reasons[1]))
    world = unseen()
    found = [(record["id"], reasons) for (site, record), (_, reasons) in _through_one_door(plan)]
    copies = {id for id, reasons in found if "copy" in {reason.kind for reason in reasons}}
    due = {id for id, defects in world.wrong.items() if {"duplicate", "duplicate_without_id"} & defects}
    plan.expect(plan.head, "with all events of another Teaspoon", copies <= due, "no others as copies",
                f"takes {len(copies - due)} for copies that are none")


def _through_one_door(plan: PlanAsked) -> Iterator[tuple[tuple[str, dict], tuple[dict, tuple[Reason, ...]]]]:
    sent = [(SITE[record["event"]], as_planned(plan, record)) for record in unseen().records if record["event"] in SITE]
    yield from zip(sent, plan.door().sort(record for _, record in sent), strict=True)


def _said(reasons: tuple[Reason, ...]) -> str:
    return f"says {reasons[0]}" if reasons else "accepts it"


@repeatable
def wrong_clocks_stay_out(*functions) -> None:
    plan = PlanAsked(*functions)
    fine = made(plan, "landing/page")[1]
    for words, gap, kind in (
            ("received 12 hours after it happened", 12 * HOUR, "late"),
            ("received 12 hours less a millisecond after it happened", 12 * HOUR - 1, "clock"),
            ("received 40 hours after it happened", 40 * HOUR, "late"),
            ("whose clock is 60 minutes and a millisecond slow", 60 * MINUTE + 1, "clock"),
            ("whose clock is 60 minutes slow", 60 * MINUTE, ""),
            ("whose clock is 60 minutes fast", -60 * MINUTE, ""),
            ("whose clock is 61 minutes fast", -61 * MINUTE, "clock"),
            ("whose clock is five hours fast", -5 * HOUR, "clock")):
        reasons = plan.door().reasons(fine | {"received_ms": fine["time_ms"] + gap})
        kinds = {reason.kind for reason in reasons}
        plan.expect(plan.head, f"with an event {words}", kinds == ({kind} if kind else set()),
                    f"the reason `{kind}` alone" if kind else "it to be accepted", _said(reasons))
    for defect in ("late", "clock_skew"):
        _world_stays_out(plan, defect)


@repeatable
def testers_stay_out(*functions) -> None:
    plan = PlanAsked(*functions)
    fine = made(plan, "landing/page")[1]
    for user in ("qa_001", "qa_user_000001", "USER_000001", "user_", "user_12345", "ann@example.com", "user_000001 ",
                 "x user_000001"):
        _expect_reason(plan, plan.head, f"with the user_id {user!r}", "/user_id", fine | {"user_id": user}, fine,
                       "not allowed", "wrong type")
    for user in (None, "user_000001", "user_1000000"):
        _expect_accepted(plan, f"with the user_id {user!r}", fine | {"user_id": user})
    _world_stays_out(plan, "test_account")
