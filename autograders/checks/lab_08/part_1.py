"""Checks of Lab 8, part 1: the audit of a stream, and the money that the mess hides."""

from autograders.checks.lab_08.worlds import unseen
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from datasets.mess import score, spelt
from datasets.product_plan import EVENTS

__all__ = ["copies_found", "orders_counted_once", "people_audited", "spellings_known", "times_audited",
           "values_audited"]

ENOUGH = 0.99  # of precision and of recall
HOUR, MINUTE = 3_600_000, 60_000
GONE = object()


@repeatable
def spellings_known(function) -> None:
    asked = CheckedFunction(function, look="compare both names without case and without blanks, _ and -")
    planned = [*draw.sample(list(EVENTS), 6), "Step 2 Seen", "Box Opened", "coupon_used", "cart-emptied"]
    for name in planned:
        for spelling in spelt(name):
            got = asked(spelling, list(planned), when=f"with the spelling {spelling}")
            asked.expect(got == name, "the plan's name of it")
        got = asked(name.upper().replace(" ", "__"), list(planned), when="in capitals, with two _")
        asked.expect(got == name, "the plan's name of it")
    strangers = ("Box", "Box Opened Twice", "Box Opened 2", "", "Opened Box", "Step Seen", "Box.Opened", "Box/Opened")
    for stranger in strangers:
        asked.expect(asked(stranger, list(planned), when=f"with the name {stranger!r}, which is none of them") is None,
                     "None")
    asked.expect(asked("Box Opened", [], when="with no names at all") is None, "None")


def _records(*changes: dict) -> list[dict]:
    """Records without a defect, each with one change: of properties under "properties", GONE for a missing one."""
    sent = 1_780_000_000_000 + draw.randrange(10**9)
    made = []
    for number, change in enumerate(changes):
        properties = {"items": 3, "platform": "web", "app_version": "2026.4", "timezone": "America/New_York",
                      "utc_offset_minutes": -240} | change.get("properties", {})
        made.append({"id": f"id{number}", "event": "Box Viewed", "user_id": "user_000007", "device_id": "d",
                     "time_ms": sent, "received_ms": sent + 900, **change,
                     "properties": {name: value for name, value in properties.items() if value is not GONE}})
    return made


def _audited(function, look: str, kinds: tuple[str, ...], cases: dict[str, tuple[dict, set[str]]]) -> None:
    """An unseen world for these kinds, then cases by hand: a record each, and what is wrong with it."""
    asked = CheckedFunction(function, look)
    world = unseen()
    found = _pairs(asked, world.records, f"on {len(world.records)} records of another Teaspoon")
    marks = score([pair for pair in found if pair[1] in kinds], [p for p in world.pairs() if p[1] in kinds])
    for kind in kinds:
        for measure in ("precision", "recall"):
            share = marks.get(kind, {"precision": 1.0, "recall": 1.0})[measure]
            asked.expect(share >= ENOUGH, f"a {measure} of {ENOUGH} or more for {kind}",
                         got=f"had a {measure} of {share:.2f} for {kind}")
    for case, (change, due) in cases.items():
        got = {kind for _, kind in _pairs(asked, _records(change), f"where {case}")}
        asked.expect(got == due, f"{', '.join(sorted(due)) or 'nothing'}",
                     got=f"found {', '.join(sorted(got)) or 'nothing'}")


def _pairs(asked: CheckedFunction, records: list[dict], when: str) -> list[tuple[str, str]]:
    got = asked.items(records, when=when)
    fine = all(isinstance(row, (tuple, list)) and len(row) == 2 and all(type(each) is str for each in row)
               for row in got)
    asked.expect(fine, "a list of pairs: (id, kind)")
    return [(row[0], row[1]) for row in got]


@repeatable
def values_audited(function) -> None:
    look = "meant(record['event']), then EVENTS of that name: what is missing, what is a text"
    spelled = draw.choice(["box_viewed", "boxViewed", "box-viewed", "box viewed"])
    _audited(function, look, ("spelling", "missing_property", "type_drift", "enum_drift"), {
        "all is well": ({}, set()),
        f"the event is {spelled}": ({"event": spelled}, {"spelling"}),
        f"the event is {spelled}, and items is a text": (
            {"event": spelled, "properties": {"items": "3"}}, {"spelling", "type_drift"}),
        "nobody plans the event": ({"event": "Tea Poured"}, {"unplanned"}),
        "nobody plans the event, and the platform is Web": (
            {"event": "Tea Poured", "properties": {"platform": "Web"}}, {"unplanned", "enum_drift"}),
        "items is missing": ({"properties": {"items": GONE}}, {"missing_property"}),
        "the second property is missing": (
            {"event": "Recipe Searched", "properties": {"query": "thai", "items": GONE}}, {"missing_property"}),
        "items is 0": ({"properties": {"items": 0}}, set()),
        "items is None, which is there and no text": ({"properties": {"items": None}}, set()),
        "items is 2.5, which is no text": ({"properties": {"items": 2.5}}, set()),
        "items is the text three": ({"properties": {"items": "three"}}, {"type_drift"}),
        "stars, which Box Viewed does not have, is a text": ({"properties": {"stars": "5"}}, set()),
        "the platform is IPHONE": ({"properties": {"platform": "IPHONE"}}, {"enum_drift"}),
        "the platform is missing": ({"properties": {"platform": GONE}}, {"enum_drift"})})


@repeatable
def people_audited(function) -> None:
    look = "a text with @ in any property; a user_id that begins with qa_, which may be None"
    _audited(function, look, ("personal_data", "test_account"), {
        "nobody is signed in": ({"user_id": None}, set()),
        "a property note holds ann@example.com": ({"properties": {"note": "ann@example.com"}}, {"personal_data"}),
        "a property note holds the text ask @ann": ({"properties": {"note": "ask @ann"}}, {"personal_data"}),
        "a property of the name seats@table is a number": ({"properties": {"seats@table": 2}}, set()),
        "nobody plans the event, which a tester sent with an address": (
            {"event": "Tea Poured", "user_id": "qa_012", "properties": {"note": "ann@example.com"}},
            {"unplanned", "personal_data", "test_account"}),
        "a tester is signed in": ({"user_id": "qa_012"}, {"test_account"}),
        "the user_id is qatar_1": ({"user_id": "qatar_1"}, set()),
        "the user_id is user_qa_1": ({"user_id": "user_qa_1"}, set())})


@repeatable
def times_audited(function) -> None:
    look = "gap = received_ms - time_ms: from 12 hours on late, else more than 60 minutes either way clock_skew"
    sent = 1_780_000_000_000
    gaps = {"12 hours to the millisecond": (12 * HOUR, {"late"}),
            "a millisecond less than 12 hours": (12 * HOUR - 1, {"clock_skew"}),
            "60 minutes to the millisecond": (60 * MINUTE, set()),
            "a millisecond more than 60 minutes": (60 * MINUTE + 1, {"clock_skew"}),
            "60 minutes before it was sent": (-60 * MINUTE, set()),
            "61 minutes before it was sent": (-61 * MINUTE, {"clock_skew"}),
            "13 hours before it was sent": (-13 * HOUR, {"clock_skew"})}
    _audited(function, look, ("late", "clock_skew"), {
        f"the gap is {words}": ({"time_ms": sent, "received_ms": sent + gap}, due)
        for words, (gap, due) in gaps.items()})


@repeatable
def copies_found(function) -> None:
    asked = CheckedFunction(function, look="the same event, user_id, device_id, time_ms and properties as a record "
                                           "before it; then: the same id or another one?")
    kinds = ("duplicate", "duplicate_without_id")
    world = unseen()
    found = _pairs(asked, world.records, f"on {len(world.records)} records of another Teaspoon")
    asked.expect({*found} == {pair for pair in world.pairs() if pair[1] in kinds}, "each copy, by its own id",
                 got=f"found {len(found)} copies")
    one, other, third, moved, changed, another, elsewhere = _records(
        {}, {}, {}, {"time_ms": 1_780_000_000_001}, {"properties": {"items": 4}}, {"event": "Box Closed"},
        {"device_id": "e"})
    for late in (one, other, third, changed, another, elsewhere):
        late["time_ms"] = one["time_ms"]
    other["received_ms"] += 4000
    records = [moved, one, changed, another, elsewhere, other, third, dict(one)]
    due = [(other["id"], "duplicate_without_id"), (third["id"], "duplicate_without_id"), (one["id"], "duplicate")]
    got = _pairs(asked, records, "on 8 records, where one comes back three times, once with its own id")
    asked.expect(got == due, "the three later ones, in the order of the records")
    shuffled = dict(one) | {"id": "new", "properties": dict(reversed(one["properties"].items()))}
    got = _pairs(asked, [one, shuffled], "where the properties of a copy stand in another order")
    asked.expect(got == [("new", "duplicate_without_id")], "the copy")
    twice = [one, dict(other), dict(other)]
    got = _pairs(asked, twice, "where a copy with another id comes twice")
    asked.expect(got == [(other["id"], "duplicate_without_id"), (other["id"], "duplicate")],
                 "the second as duplicate_without_id, the third as duplicate")
    for case, change in {"another event has the same id": {"event": "Box Closed"},
                         "somebody else has the same at one moment": {"user_id": "user_000008"},
                         "the event is in another spelling": {"event": "box_viewed"},
                         "items is the text of the number": {"properties": one["properties"] | {"items": "3"}}}.items():
        got = _pairs(asked, [one, one | change], f"where {case}")
        asked.expect(got == [], "no copy")
    nobody, known = one | {"user_id": None}, one | {"id": "known", "time_ms": one["time_ms"] + 1}
    records = [one, known, nobody, dict(known), one | {"id": "known"}, dict(nobody), dict(known)]
    got = _pairs(asked, records, "where copies of three records, one of nobody, come in turn, one by the id of another")
    asked.expect(got == [("known", "duplicate"), ("known", "duplicate_without_id"), (one["id"], "duplicate"),
                         ("known", "duplicate")], "the last four, in the order of the records")


@repeatable
def orders_counted_once(function) -> None:
    asked = CheckedFunction(function, look="meant(...) == 'Order Placed', no tester, int(total_cents), each order "
                                           "once")
    sent = 1_780_000_000_000
    totals = [draw.randrange(2000, 9000) for _ in range(5)]
    order: list[dict] = [{"id": f"o{n}", "event": "Order Placed", "user_id": f"user_00000{n}", "device_id": "d",
              "time_ms": sent + n, "received_ms": sent + 900,
              "properties": {"order_id": 70 + n, "total_cents": total, "items": 2}}
             for n, total in enumerate(totals)]
    cases: list[tuple[str, list[dict], int]] = [("on five orders", order, sum(totals))]
    respelt = [record | {"event": name} for record, name in zip(order, spelt("Order Placed"), strict=True)]
    cases.append(("on five orders in five spellings", respelt, sum(totals)))
    text = [order[0] | {"properties": order[0]["properties"] | {"total_cents": str(totals[0])}}, *order[1:]]
    cases.append(("where one total is a text", text, sum(totals)))
    tested = [order[0] | {"user_id": "qa_001"}, *order[1:]]
    cases.append(("where one order is a tester's", tested, sum(totals[1:])))
    mixed = order[0] | {"properties": order[0]["properties"] | {"total_cents": str(totals[0])}}
    cases.append(("where one order_id comes with a number and with a text", [*order, mixed], sum(totals)))
    gone = order[0] | {"event": "Order Cancelled", "properties": order[0]["properties"] | {"order_id": 99}}
    cases.append(("with an event Order Cancelled", [*order, gone], sum(totals)))
    other = {"id": "x", "event": "Checkout Started", "user_id": None, "device_id": "d", "time_ms": sent,
             "received_ms": sent, "properties": {"items": 2, "total_cents": 100}}
    cases.append(("with an event of another kind", [other, *order], sum(totals)))
    again = order[0] | {"id": "again", "time_ms": sent + 500}
    cases.append(("where one order_id comes twice", [*order, again], sum(totals)))
    bare = [record | {"properties": {"total_cents": total, "items": 2}}
            for record, total in zip(order, totals, strict=True)]
    cases.append(("where no record has its order_id", [*bare, bare[0] | {"id": "again"}], sum(totals)))
    near = bare[0] | {"id": "near", "time_ms": bare[0]["time_ms"] + 1}
    cases.append(("where a person orders twice without order_id", [bare[0], near], 2 * totals[0]))
    twins = bare[1] | {"time_ms": bare[0]["time_ms"]}
    cases.append(("where two people order at one moment without order_id", [bare[0], twins], totals[0] + totals[1]))
    cases.append(("on no records", [], 0))
    for when, records, due in cases:
        got = asked.number(records, when=when)
        asked.expect(got == due, f"{due} cents")
