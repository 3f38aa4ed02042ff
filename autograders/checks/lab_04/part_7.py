"""Checks of Lab 4, part 7: the connector."""

from collections import Counter
from datetime import UTC, datetime

from autograders.alone import names_from_outside
from autograders.checks.lab_04.apis import (
    Shop,
    moments,
    serving,
)
from autograders.checks.lab_04.common import (
    expect_pages_of_a_hundred,
    is_now,
    refusals,
    rises,
    stripe_account,
)
from autograders.checks.lab_04.warehouse import said_by
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["records_then_state", "the_connector_goes_on_from_its_state", "the_connector_reads_all_pages"]

START_OF_2021 = int(datetime(2021, 1, 1, tzinfo=UTC).timestamp())


@repeatable
def the_connector_reads_all_pages(function) -> None:
    asked = CheckedFunction(
        function, look="starting_after gets last_record's id; it stops where response['has_more'] is false"
    )
    component = asked(when="as the paginator of a connector")
    shop = Shop(charges=draw.randint(220, 280))
    with serving(shop) as saas:
        said = said_by(asked, component, None, saas)
        requests = saas.stripe.requests()
    ids = Counter(message["record"]["data"].get("id") for message in said if message["type"] == "RECORD")
    asked.expect(ids == Counter(c["id"] for c in shop.charges), f"it to read {len(shop.charges)} charges, each once",
                 got=f"made it read {sum(ids.values())} records, {len(ids)} ids")
    expect_pages_of_a_hundred(asked, requests)


@repeatable
def the_connector_goes_on_from_its_state(function) -> None:
    asked = CheckedFunction(
        function, look="cursor_field created, datetime_format %s, and created[gte] as start_time_option's field_name"
    )
    component = asked(when="as the incremental_sync of a connector")
    start = component.get("start_datetime") if isinstance(component, dict) else None
    start = start.get("datetime") if isinstance(start, dict) else start
    asked.expect(isinstance(start, str) and start.isdecimal() and int(start) < START_OF_2021,
                 "start_datetime to be a text of Unix seconds, in 2020 or earlier")
    shop = Shop(charges=draw.randint(40, 70))
    shop.charges[-20]["created"] = since = shop.charges[-19]["created"]
    with serving(shop) as saas:
        said = said_by(asked, None, component, saas, since=since)
    ids = _ids_of_records(said)
    due = {c["id"] for c in shop.charges if c["created"] >= since}
    asked.expect(
        ids == due,
        f"it to read the {len(due)} charges made since its state, inclusive",
        got=f"made it read {len(ids)} charges",
    )
    states = [message["state"]["stream"]["stream_state"] for message in said if message["type"] == "STATE"]
    newest = shop.charges[-1]["created"]
    asked.expect(
        bool(states) and str(states[-1].get("created")) == str(newest),
        f"created {newest} to be its state afterwards",
        got=f"left the state {states[-1] if states else None}",
    )
    _expect_all_since_2020(asked, shop)


def _expect_all_since_2020(asked: CheckedFunction, shop: Shop) -> None:
    shop.charges[0]["created"] = int(datetime(2021, 1, 1, tzinfo=UTC).timestamp())
    component = asked(when="as the incremental_sync of a connector without a state, with a charge of 1 January 2021")
    with serving(shop) as saas:
        ids = _ids_of_records(said_by(asked, None, component, saas))
    asked.expect(ids == {c["id"] for c in shop.charges}, f"it to read all {len(shop.charges)} charges",
                 got=f"made it read {len(ids)} charges")


def _ids_of_records(said: list[dict]) -> set[str]:
    return {one["record"]["data"].get("id") for one in said if one["type"] == "RECORD"}


@repeatable
def records_then_state(function) -> None:
    asked = CheckedFunction(function, look="created[gte], all pages, reversed(...); one STATE, after the records")
    refunds: list[dict] = [
        {"id": f"re_{n}", "object": "refund", "amount": 5, "created": at}
        for n, at in enumerate(moments(draw.randint(120, 160)))
    ]
    since = refunds[-30]["created"]
    given: list[tuple[list, dict, str]] = [
        (refunds, {}, "without a state"), (refunds, {"created": since}, f"with created {since} as its state"),
        ([], {}, "on a shop without refunds"), ([], {"created": since}, "where no refund is new")]
    for there, state, when in given:
        shop = Shop()
        shop.lists["refunds"] = there
        with serving(shop) as saas:
            got = asked.items(*stripe_account(saas), state, when=when)
        _expect_messages(asked, got, [r for r in there if r["created"] >= state.get("created", 0)], state)
        names = names_from_outside(function)
        asked.expect(not names, "it to import what it needs: the connector has it in a file of its own",
                     got=f"uses {', '.join(names)} from outside it")
    shop = Shop()
    shop.lists["refunds"] = refunds
    for name, fault in refusals("refunds"):
        with serving(shop) as saas, saas.stripe.inject(fault):
            ended = asked.ended(*stripe_account(saas), {}, when=f"where {name}", read=list, within=60)
            asked.expect(ended.error is not None, "an error: a STATE would promise what was not read")


def _expect_messages(asked: CheckedFunction, got: list, due: list[dict], state: dict) -> None:
    asked.expect(
        all(isinstance(message, dict) and message.get("type") in ("RECORD", "STATE") for message in got),
        "dicts with the type RECORD or STATE",
    )
    records = [message.get("record") for message in got if message["type"] == "RECORD"]
    bad = [
        record
        for record in records
        if not isinstance(record, dict)
        or record.get("stream") != "refunds"
        or not is_now(record.get("emitted_at"))
    ]
    asked.expect(
        not bad,
        "records with stream, data and emitted_at, the time now in whole milliseconds",
        got=f"returned {len(bad)} records of another form",
    )
    came = [record.get("data") for record in records]
    asked.expect(sorted(came, key=str) == sorted(due, key=str), f"{len(due)} records, the refunds as they came",
                 got=f"returned {len(records)} records, or other ones")
    asked.expect(
        rises([refund["created"] for refund in came]), "the oldest first", got="returned them in another order"
    )
    newest = max([r["created"] for r in due] + list(state.values()), default=None)
    kept = {"stream_descriptor": {"name": "refunds"}, "stream_state": {"created": newest}}
    last = [] if newest is None else [{"type": "STATE", "state": {"type": "STREAM", "stream": kept}}]
    asked.expect(got[len(records):] == last, f"after them one STATE, with created {newest}" if last else "no STATE",
                 got=f"returned {[message['type'] for message in got[len(records):]]} after them, or another state")
