"""Checks of Lab 8, part 7: tickets, acceptance tests, the monthly audit, and who asked to be forgotten."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from autograders.checks.lab_08.plain import Case, ask, same
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["ticket", "accepted_trigger", "monthly_audit", "due_months", "may_stay"]


ELSEWHERE = ("America/Los_Angeles", "Pacific/Honolulu", "Asia/Kolkata")  # zones of machines: an answer has none of them


# Tickets

@repeatable
def ticket(function) -> None:
    """Owners, common properties and an event's own of the same name, deprecated and optional ones, personal data."""
    asked = CheckedFunction(function, look="the event's entry in the plan, and the plan's own `common` and `owner`")
    team, number = draw.choice(["shop team", "growth team"]), draw.randrange(2, 99)
    whole = {"type": "integer", "required": True, "example": number, "personal_data": "none"}
    text = {"type": "string", "required": True, "example": "a", "personal_data": "none"}
    where = {"web": "App.tsx", "ios": "BoxPage.swift", "android": "BoxPage.kt"}
    trigger = {"when": "The box is on the screen", "where": where, "once_per": "box shown"}
    old = {"deprecated": {"until": "2026-12-31"}}
    events = {
        "Box Viewed": {"owner": team, "trigger": trigger, "properties": {"items": whole,
                                                                         "note": text | {"required": False}}},
        "App Opened": {"trigger": trigger | {"where": {"server": "app.py"}, "once_per": "session"}},
        "Box Saved": {"owner": "", "trigger": trigger, "properties": {"platform": text | {"example": "tv"}}},
        "Gift Sent": {"trigger": trigger, "properties": {
            "to": text | {"personal_data": "personal"}, "diet": text | {"required": False,
                                                                        "personal_data": "sensitive"},
            "from_id": whole | {"personal_data": "pseudonymous"}, "by": text | {"personal_data": "sensitive"} | old,
            "zero": whole | {"example": 0}}},
        "Box Opened": {"trigger": trigger, "properties": {"platform": text | {"required": False},
                                                          "plan": text | {"personal_data": "none"}}},
        "Box Hidden": {"trigger": trigger, "properties": {"platform": text | {"personal_data": "personal"} | old}},
        "Meal Rated": {"trigger": trigger, "properties": {"stars": whole, "mark": whole | old}},
    }
    plan = {"name": "shop", "version": "1-0-0", "owner": "data team", "events": events,
            "common": {"platform": text | {"example": "web"}, "zone": text | {"required": False},
                       "plan": text | {"required": False, "personal_data": "sensitive"}}}
    bare = {key: value for key, value in plan.items() if key != "common"}
    for what, name, of in [("with an owner", "Box Viewed", plan),
                           ("without an owner or properties", "App Opened", plan),
                           ("with a common property of its own", "Box Saved", plan),
                           ("with common properties of its own, optional or not personal", "Box Opened", plan),
                           ("with personal data", "Gift Sent", plan),
                           ("with a deprecated property", "Meal Rated", plan),
                           ("with a deprecated property by a common one's name", "Box Hidden", plan),
                           ("of a plan without common properties", "Box Viewed", bare)]:
        _ask_ticket(asked, of, name, f"for an event {what}")


WORDS = {"title": "Track and the event's name", "owner": "the event's owner, or the plan's",
         "when": "the trigger's own words", "once_per": "the trigger's own words",
         "places": "a line for each source, sorted",
         "example": "the example of each required property, common ones as well",
         "careful": "the properties with personal or sensitive data, sorted"}


def _ask_ticket(asked: CheckedFunction, plan: dict, name: str, when: str) -> None:
    event = plan["events"][name]
    props = [(key, prop) for key, prop in {**plan.get("common", {}), **event.get("properties", {})}.items()
             if not prop.get("deprecated")]
    due = {"title": "Track " + name, "owner": event.get("owner") or plan["owner"], "when": event["trigger"]["when"],
           "once_per": event["trigger"]["once_per"],
           "places": sorted(": ".join(place) for place in event["trigger"]["where"].items()),
           "example": {key: prop["example"] for key, prop in props if prop["required"]},
           "careful": sorted(key for key, prop in props if prop["personal_data"] in ("sensitive", "personal"))}
    got = asked(plan, name, when=when)
    asked.expect(isinstance(got, dict) and got.keys() == due.keys(), f"a dict with the keys {', '.join(due)}")
    for key, value in due.items():
        asked.expect(same(got[key], value), f"{key}: {WORDS[key]}")


# Acceptance

@repeatable
def accepted_trigger(function) -> None:
    """Each fault by itself and together, an upload that came twice, keys out of order."""
    asked = CheckedFunction(function, look="first make one of the events with the same id, then count by key")
    a, b = draw.sample(range(100, 900), 2)
    low, high = draw.randrange(90, 100), draw.randrange(1000, 9000)  # as text, the other way round
    c, d = low, high

    def events(*keys: int, ids: str = "abcdefgh") -> list[dict]:
        return [{"id": id, "key": key} for id, key in zip(ids, keys, strict=False)]

    def due(missing=(), twice=(), untrue=()) -> dict:
        return {"missing": list(missing), "twice": list(twice), "untrue": list(untrue)}

    ask(asked, [
        Case("where each has one event", ([a, b], events(b, a)), due(), "three empty lists"),
        Case("where two have no event", ([d, a, c], events(a)), due(missing=[low, high]), "both as missing, sorted"),
        Case("where the trigger fires twice", ([a, d, c], events(d, a, c, d, c)), due(twice=[low, high]),
             "both as twice, sorted"),
        Case("where it fires three times", ([a], events(a, a, a)), due(twice=[a]), "the key once"),
        Case("where one event is uploaded twice", ([a], events(a, a, ids="kk")), due(),
             "three empty lists: it is one event"),
        Case("where one event is uploaded twice, and another between", ([a, b], events(a, b, a, ids="klk")), due(),
             "three empty lists: it is one event"),
        Case("where one event is uploaded three times, and another comes", ([a, b], events(a, a, a, b, a, ids="kkklm")),
             due(twice=[a]), "what has two ids, as twice"),
        Case("where events come of what never happened", ([a], events(d, a, c)), due(untrue=[low, high]),
             "both as untrue, sorted"),
        Case("where what never happened comes twice", ([a], events(b, b, a)), due(untrue=[b]), "as untrue alone, once"),
        Case("where all goes wrong", ([a, b], events(b, c, b)), due([a], [b], [c]), "each in its list"),
        Case("where nothing happened", ([], events(a)), due(untrue=[a]), "it as untrue"),
        Case("where nothing came", ([a], []), due(missing=[a]), "it as missing"),
    ])


# The audit

EVENTS = {"Order Placed": {"status": "live"}, "Box Viewed": {"status": "live"}, "App Opened": {"status": "live"},
          "Gift Sent": {"status": "planned"}, "Box Shown": {"status": "deprecated"}, "Menu Seen": {}}


def _report(records: list[dict], month: str) -> dict:
    first = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    end = (first + timedelta(days=31)).replace(day=1)
    from_ms, to_ms = (int(moment.timestamp()) * 1000 for moment in (first, end))
    known, counts, unplanned, reasons = set(), {name: [0, 0] for name in EVENTS}, Counter(), Counter()
    for record in records:
        if from_ms <= record["time_ms"] < to_ms and record["id"] not in known:
            known.add(record["id"])
            reasons.update(set(record["reasons"]))
            if record["event"] in counts:
                counts[record["event"]][bool(record["reasons"])] += 1
            else:
                unplanned[record["event"]] += 1
    return {"month": month, "unplanned": dict(unplanned), "reasons": dict(reasons),
            "events": {name: {"accepted": a, "quarantined": q} for name, (a, q) in counts.items()},
            "silent": sorted(n for n, event in EVENTS.items() if event.get("status") == "live" and not counts[n][0])}


@repeatable
def monthly_audit(function) -> None:
    """Drawn months: edges of a month in UTC, copies, other months, unplanned names; twice and in another order."""
    asked = CheckedFunction(function, look="first the month, then one record for each id, then the counts")
    asked.local_zone = draw.choice(ELSEWHERE)
    year = 2020 + draw.randrange(12)
    for month in (f"{year}-{draw.randrange(3, 12):02}", f"{year}-12"):
        first = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
        end = (first + timedelta(days=31)).replace(day=1)
        begin_ms, end_ms = (int(moment.timestamp()) * 1000 for moment in (first, end))
        empty = [_record("x", "Order Placed", begin_ms - 86_400_000)]
        _ask_audit(asked, empty, month, f"of a month without records{', December' if month.endswith('12') else ''}")
        edges = [_record(f"{name} {at}", name, at) for name, at in (
            *(("Order Placed", begin_ms + more) for more in (-1, 0, 1)),
            ("Order Placed", int(first.replace(year=year - 1, day=9).timestamp()) * 1000),
            *(("Box Viewed", end_ms + more) for more in (-1, 0, 1)))]  # no mistake makes up for another
        _ask_audit(asked, edges, month, "at the first and the last millisecond")
        _ask_audit(asked, [*edges, *edges, *edges[:2]], month, "where every record comes again")
        records = [_record(f"r{n}", draw.choice([*EVENTS, "order_placed", "Button Clicked"]),
                           draw.randrange(begin_ms, end_ms),
                           *draw.choice([(), (), ("missing",), ("wrong type", "missing"), ("missing", "missing")]))
                   for n in range(120)]
        refused = [_record("q", "Box Viewed", begin_ms, "copy"), _record("u", "Nope", begin_ms, "unplanned event")]
        _ask_audit(asked, refused, month, "where nothing was accepted")
        twice = [_record("q", "Box Viewed", begin_ms, "missing", "missing", "late")]
        _ask_audit(asked, twice, month, "where a record has one reason twice")
        _ask_audit(asked, [*records, *refused, *edges], month, "of a busy month")
        mixed = draw.sample([*records, *edges, *records[:40]], len(records) + len(edges) + 40)
        _ask_audit(asked, mixed, month, "of a busy month in another order, with copies")


def _record(id: str, event: str, at: int, *reasons: str) -> dict:
    return {"id": id, "event": event, "time_ms": at, "reasons": list(reasons)}


SAID = {"month": "the month as it was given",
        "events": "for each event of the plan how many were accepted and quarantined",
        "unplanned": "how many records there were of each name that the plan does not have",
        "reasons": "how many records had each reason", "silent": "live events of which none was accepted, sorted"}


def _ask_audit(asked: CheckedFunction, records: list[dict], month: str, when: str) -> None:
    due = _report(records, month)
    got = asked(records, month, {"events": EVENTS}, when=when)
    asked.expect(isinstance(got, dict) and got.keys() == due.keys(), f"a dict with the keys {', '.join(SAID)}")
    for key, words in SAID.items():
        told = list(got[key]) if isinstance(got[key], tuple) else got[key]
        asked.expect(isinstance(told, type(due[key])) and told == due[key], f"{key}: {words}")


NEW_YORK = ZoneInfo("America/New_York")


@repeatable
def due_months(function) -> None:
    """The moment itself and the second before, in winter and in summer, in several zones; years; what has run."""
    asked = CheckedFunction(function, look="the clock in New York; the third day of the month after; which were done?")
    asked.local_zone = draw.choice(ELSEWHERE)

    def at(*numbers: int, zone=NEW_YORK) -> datetime:
        return datetime(*numbers, tzinfo=NEW_YORK).astimezone(zone)  # type: ignore[misc]

    second = timedelta(seconds=1)
    y = draw.randrange(2022, 2036)  # pandas knows no summer time after 2037
    back = draw.choice([2025, 2026, 2031, 2036])  # the first Sunday of November is its first or second day
    months = [f"{y}-{month:02}" for month in range(1, 13)]
    tokyo = ZoneInfo("Asia/Tokyo")
    ask(asked, [
        Case("at the moment, in summer", (at(y, 7, 3, zone=UTC), months[4], []), months[4:6], "May and June"),
        Case("a second before it, in summer", (at(y, 7, 3, zone=UTC) - second, months[4], []), months[4:5],
             "May alone"),
        Case("at the moment, in winter", (at(y, 2, 3, zone=UTC), months[0], []), months[:1], "January"),
        Case("a second before it, in winter", (at(y, 2, 3, zone=UTC) - second, months[0], []), [], "none"),
        Case("at the moment, by the clock of Tokyo", (at(y, 7, 3, zone=tokyo), months[5], []), months[5:6], "June"),
        Case("a second before it, by the clock of Tokyo", (at(y, 7, 3, zone=tokyo) - second, months[5], []), [],
             "none"),
        Case("at the moment, by the clock of New York", (at(y, 5, 3), months[3], []), months[3:4], "April"),
        Case("on the second day", (at(y, 5, 2, 23), months[3], []), [], "none: late events still come"),
        Case("a second before it, when the clocks go back on the first or second",
             (at(back, 11, 3) - second, f"{back}-10", []), [], "none: by the clock it is the second day"),
        Case("at the moment, when the clocks have gone back on the first or second",
             (at(back, 11, 3, zone=UTC), f"{back}-10", []), [f"{back}-10"], "October"),
        Case("late in a month", (at(y, 5, 28), months[3], []), months[3:4], "April"),
        Case("in January, for the year before", (at(y + 1, 1, 3), months[9], []), months[9:], "October to December"),
        Case("on 2 January", (at(y + 1, 1, 2), months[9], []), months[9:11], "October and November"),
        Case("after months without a run", (at(y + 1, 3, 20), months[8], []),
             [*months[8:], f"{y + 1}-01", f"{y + 1}-02"],
             "all six, oldest first"),
        Case("where some have run", (at(y, 9, 10), months[0], [months[6], months[0], months[2]]),
             [months[1], months[3], months[4], months[5], months[7]], "the others, oldest first"),
        Case("where all have run", (at(y, 4, 10), months[0], months[:3]), [], "none"),
        Case("where older months are done, too", (at(y, 4, 10), months[2], [months[0], f"{y - 1}-12"]), months[2:3],
             "March"),
        Case("before the first month is over", (at(y, 4, 10), months[3], []), [], "none"),
        Case("before the first month has begun", (at(y, 4, 10), months[9], []), [], "none"),
    ])


# Who asked

@repeatable
def may_stay(function) -> None:
    """Several sources, a shared device, requests of each kind, at, before and after a withdrawal; a drawn crowd."""
    asked = CheckedFunction(function,
                            look="first whose each device is, in all sources; then which records each request takes")
    ada, ben = (f"user_{n}" for n in draw.sample(range(100, 999), 2))
    eve = f"{ada}0"  # another person, whose name begins alike
    t = draw.randrange(1000, 9000)
    lines = {
        "w0": ("warehouse", None, "laptop", t - 5), "m1": ("mixpanel", ada, "laptop", t - 1),
        "m2": ("mixpanel", None, "laptop", t), "m3": ("mixpanel", ada, "laptop", t + 1),
        "q4": ("quarantine", None, "laptop", t + 2), "a5": ("amplitude", ada, "phone", t),
        "a6": ("amplitude", ben, "phone", t + 3), "a7": ("amplitude", None, "phone", t + 4),
        "m8": ("mixpanel", None, "nobody's", t), "m9": ("mixpanel", ben, "tablet", t),
        "m0": ("mixpanel", None, "tablet", t + 9)}
    records = {name: _seen(*line) for name, line in lines.items()}

    def request(user: str, kind: str = "deletion", at: int = t) -> dict:
        return {"user_id": user, "kind": kind, "time_ms": at}

    def case(when: str, requests: list[dict], gone: str, words: str) -> Case:
        stay = [record for name, record in records.items() if name not in gone.split()]
        return Case(when, (list(records.values()), requests), stay, words)

    alone = [_seen("mixpanel", None, "laptop", 1), _seen("amplitude", ada, "laptop", 2)]
    ask(asked, [
        case("without requests", [], "", "all records, in their order"),
        case("after a deletion", [request(ada)], "w0 m1 m2 m3 q4 a5 a7",
             "no record of the person, of any source or time; others' records on the same device stay"),
        case("after a deletion asked for long ago", [request(ada, at=0)], "w0 m1 m2 m3 q4 a5 a7", "the same as today"),
        case("after a withdrawal", [request(ada, "withdrawal")], "m2 m3 q4 a5 a7",
             "what was before it, and no record at its moment"),
        case("after a withdrawal in the future", [request(ada, "withdrawal", t + 50)], "", "all records"),
        case("after two withdrawals", [request(ada, "withdrawal", t + 2), request(ada, "withdrawal", t + 1)],
             "m3 q4 a7",
             "what was before the first"),
        case("after two withdrawals, the first one first",
             [request(ada, "withdrawal", t + 1), request(ada, "withdrawal", t + 2)], "m3 q4 a7",
             "what was before the first"),
        case("after a deletion, then a withdrawal", [request(ada), request(ada, "withdrawal", t + 50)],
             "w0 m1 m2 m3 q4 a5 a7", "no record of the person"),
        case("after a withdrawal, then a deletion", [request(ada, "withdrawal", t + 50), request(ada)],
             "w0 m1 m2 m3 q4 a5 a7", "no record of the person"),
        case("after the deletion of another on the same device", [request(ben)], "a6 a7 m9 m0",
             "no record of theirs, and none without a user on their devices"),
        case("after requests of two", [request(ben, "withdrawal", t + 4), request(ada)], "w0 m1 m2 m3 q4 a5 a7 m0",
             "what no request takes"),
        case("after a deletion of somebody without records", [request(eve)], "", "all records"),
        Case("where a device is known from another source", (alone, [request(ada)]), [], "none"),
        Case("where a withdrawal takes what names the device, and a deletion the rest",
             (alone, [request(ada, "withdrawal", 2), request(ada)]), [], "none"),
        Case("where the same record is there twice", ([alone[1], alone[1]], [request(ben)]), [alone[1], alone[1]],
             "both"),
        Case("without records", ([], [request(ada)]), [], "none"),
    ])
    crowd = [_seen(draw.choice(["mixpanel", "amplitude"]), draw.choice([None, None, ada, ben, eve]),
                   f"device {draw.randrange(5)}", t + draw.randrange(-9, 10)) for _ in range(40)]
    got = asked([_seen("mixpanel", eve, "laptop", t)], [request(ada)], when="where a name begins like another")
    asked.expect(same(got, [_seen("mixpanel", eve, "laptop", t)]), "the record: it is another person's")
    some = [request(ada, "withdrawal"), request(ben, draw.choice(["deletion", "withdrawal"]), t + 3)]
    got = asked(crowd, some, when="in a crowd")
    asked.expect(same(got, _staying(crowd, some)), "what no request takes, in its order")


def _seen(source: str, user: str | None, device: str, at: int) -> dict:
    return {"source": source, "user_id": user, "device_id": device, "time_ms": at}


def _staying(records: list[dict], requests: list[dict]) -> list[dict]:
    stay = list(records)
    for request in requests:
        devices = {each["device_id"] for each in records if each["user_id"] == request["user_id"]}
        from_ms = 0 if request["kind"] == "deletion" else request["time_ms"]
        stay = [each for each in stay if each["time_ms"] < from_ms or not (
            each["user_id"] == request["user_id"] or each["user_id"] is None and each["device_id"] in devices)]
    return stay
