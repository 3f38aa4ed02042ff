"""Checks of Lab 8, part 2: who it was, how many visits, and the funnel of people."""

from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["people_told_apart", "steps_counted_by_people"]

MINUTE = 60_000


def _record(event: str, user: str | None, device: str, minute: float, **properties) -> dict:
    at = 1_780_000_000_000 + int(minute * MINUTE)
    return {"id": f"{device}{minute}", "event": event, "user_id": user, "device_id": device, "time_ms": at,
            "received_ms": at + 900, "properties": properties}


@repeatable
def people_told_apart(function) -> None:
    asked = CheckedFunction(function, look="the user_id; else the next one of the same device; else the device_id")
    laptop = [_record("Landing Viewed", None, "laptop", 0), _record("Landing Viewed", None, "laptop", 5),
              _record("Signed Up", "user_000001", "laptop", 6), _record("App Opened", "user_000001", "laptop", 90)]
    phone = [_record("App Opened", "user_000001", "phone", 100)]
    stranger = [_record("Landing Viewed", None, "library", 3)]
    left = [_record("Signed Up", "user_000002", "desk", 1), _record("Landing Viewed", None, "desk", 40)]
    tablet = [_record("Landing Viewed", None, "tablet", 10), _record("Signed Up", "user_000003", "tablet", 20),
              _record("Landing Viewed", None, "tablet", 30), _record("Signed Up", "user_000004", "tablet", 40)]
    cases = {
        "on a laptop whose owner signs up": (laptop, ["user_000001"] * 4),
        "on the laptop and the phone of one person": (laptop + phone, ["user_000001"] * 5),
        "on a device of which nobody signs up": (stranger, ["library"]),
        "where somebody signs out for good": (left, ["user_000002", "desk"]),
        "on a tablet on which two people sign up": (tablet, ["user_000003"] * 2 + ["user_000004"] * 2),
        "on no records": ([], [])}
    for when, (records, due) in cases.items():
        asked.expect(asked.items(records, when=when) == due, f"{len(due)} answers, in the order of the records: "
                     "who did it")
    mixed = [(record, who) for records, due in cases.values() for record, who in zip(records, due, strict=True)]
    mixed = list({record["id"]: (record, who) for record, who in mixed}.values())
    draw.shuffle(mixed)
    for record, _ in mixed:  # received in another order
        record["received_ms"] += draw.randrange(10 * 3600) * 1000
    got = asked.items([record for record, _ in mixed], when="on all of these, in any order")
    asked.expect(got == [who for _, who in mixed], "the same answers, in the order of the records")


@repeatable
def steps_counted_by_people(function) -> None:
    asked = CheckedFunction(function, look="the set of people of each step, by meant(name), without testers")
    steps = ["Landing Viewed", "Signed Up", "Order Placed"]
    people = draw.randrange(3, 8)
    records: list[dict] = []
    for n in range(people):
        user, device = f"user_{n:06}", f"laptop{n}"
        records += [_record("Landing Viewed", None, device, n), _record("landing_viewed", None, device, n + 0.5),
                    _record(draw.choice(["Signed Up", "signedUp"]), user, device, n + 1)]
    once = records + [_record("Order Placed", "user_000001", "phone", 20), _record("order-placed", "user_000001",
                      "phone", 30), _record("orderPlaced", "user_000002", "phone2", 30)]
    stranger = [_record("Landing Viewed", None, "library", 3)]
    testers = [_record("Order Placed", "qa_001", "test", 4), _record("Landing Viewed", "qa_001", "test", 3),
               _record("Landing Viewed", None, "test", 2)]
    back = [_record("App Opened", "user_000900", "old", 7), _record("Landing Viewed", "user_000900", "old", 8),
            _record("Order Placed", "user_000900", "old", 9)]
    both = [_record("Landing Viewed", None, "sofa", 1), _record("Landing Viewed", None, "desk", 2),
            _record("App Opened", "user_000901", "sofa", 3), _record("App Opened", "user_000901", "desk", 4)]
    for when, given, due in (
            ("with a person who lands on two devices before signing in on both", both, [1, 0, 0]),
            (f"with {people} people who sign up, two of whom order", once, [people, people, 2]),
            ("with a stranger as well", once + stranger, [people + 1, people, 2]),
            ("with a tester as well, who was not signed in at first", once + testers, [people, people, 2]),
            ("with somebody who orders and signed up long ago", once + back, [people + 1, people, 3]),
            ("with no records", [], [0, 0, 0])):
        asked.expect(asked.items(given, list(steps), _who(given), when=when) == due, f"{due}, people by step")
    got = asked.items(once, steps[::-1], _who(once), when="with the steps the other way round")
    asked.expect(got == [2, people, people], f"{[2, people, people]}, people by step")
    twice = [steps[2], steps[0], steps[2]]
    got = asked.items(once, twice, _who(once), when="with a step that stands twice in the list")
    asked.expect(got == [2, people, 2], f"{[2, people, 2]}, people by step")


def _who(records: list[dict]) -> list[str]:
    """For each record, who did it: its user, or the next one on its device."""
    known: dict[str, str] = {}
    who = {}
    for n, record in sorted(enumerate(records), key=lambda each: -each[1]["time_ms"]):
        if record["user_id"]:
            known[record["device_id"]] = record["user_id"]
        who[n] = known.get(record["device_id"], record["device_id"])
    return [who[n] for n in range(len(records))]
