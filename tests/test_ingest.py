"""Teaspoon's own ingestion: its tables equal the truth, however a run went;
it asks for little, waits when told to, and loads nothing by halves."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from datasets.billing import Billing
from datasets.product import Product
from datasets.product_truth import truth as true_of
from datasets.world import World
from environments import faults
from environments.saas import Simulator
from environments.stack.ingest import exports, ingest, mixpanel, stripe, warehouse
from environments.stack.ingest.errors import KeyRefused
from environments.stack.ingest.http import Patience
from environments.stack.ingest.warehouse import Warehouse
from tests.waits import HANG

END = datetime(2026, 7, 1)
BRIEF = Patience(attempts=4, first=0.001, longest=0.01, connect=HANG, silence=HANG)
HASTY = replace(BRIEF, attempts=1000, silence=0.5)  # also what a slow machine answers too late is asked for again
WORLDS = {seed: World(seed, 8) for seed in (3, 11)}
TRUTH = {seed: Billing(world).truth()["stripe"] for seed, world in WORLDS.items()}
STREAMS = tuple(stripe.STREAMS)

pytestmark = pytest.mark.slow  # each test makes a simulator, and most of them load all of it


@pytest.fixture
def saas():
    with Simulator(WORLDS[3]) as running:
        yield running


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "warehouse.duckdb"


def sync(saas, path, page=100, streams=STREAMS, patience=BRIEF):
    with Warehouse(path) as warehouse, opened(saas, patience) as api:
        return stripe.sync(api, warehouse, page, streams)


def opened(saas, patience=BRIEF):
    return stripe.client(saas.stripe.base_url, saas.stripe.credentials["api_key"], patience)


def counted(path) -> dict[str, int]:
    with Warehouse(path) as warehouse:
        return {
            name: warehouse.rows(f"select count(*) from {stream.table} where not _deleted")[0][0]
            for name, stream in stripe.STREAMS.items()
        }


def rows(path, sql):
    with Warehouse(path) as warehouse:
        return warehouse.rows(sql)


def write(saas, path: str, form: dict) -> dict:
    answer = requests.post(
        saas.stripe.base_url + path,
        form,
        headers={"Authorization": f"Bearer {saas.stripe.credentials['api_key']}"},
        timeout=HANG,
    )
    return answer.json()


def listed(saas, path: str, params: dict | None = None) -> list[dict]:
    with opened(saas) as api:
        return list(stripe.objects(api, path, params))


# Stripe: complete, once

@pytest.mark.parametrize(("seed", "page"), [(3, 100), (11, 100), (11, 37)])
def test_a_full_load_is_the_truth(seed, page, path):
    with Simulator(WORLDS[seed]) as saas:
        sync(saas, path, page)
    assert counted(path) == TRUTH[seed]


def test_a_second_run_changes_nothing(saas, path):
    sync(saas, path)
    before = rows(path, "select id, _payload from stripe.charges order by id")
    sync(saas, path)
    assert (rows(path, "select id, _payload from stripe.charges order by id"), counted(path)) == (before, TRUTH[3])


def test_a_second_run_asks_for_little(saas, path):
    first = sync(saas, path).requests["stripe"]
    assert sync(saas, path).requests["stripe"] <= 5 < first / 3


def test_the_client_counts_what_the_vendor_counts(saas, path):
    assert sync(saas, path).requests["stripe"] == len(saas.stripe.requests())


def test_the_refund_of_an_old_charge_arrives(saas, path):
    sync(saas, path)
    old = next(
        charge
        for charge in reversed(listed(saas, "/v1/charges"))
        if charge["status"] == "succeeded" and not charge["amount_refunded"]
    )
    write(saas, "/v1/refunds", {"charge": old["id"]})
    sync(saas, path)
    assert rows(path, f"select refunded, amount_refunded from stripe.charges where id = '{old['id']}'") == [
        (True, old["amount"])
    ]


def test_every_object_is_as_its_list_shows_it_after_changes(saas, path):
    sync(saas, path)
    customer = listed(saas, "/v1/customers")[3]["id"]
    for name in ("A", "B", "C"):
        write(saas, f"/v1/customers/{customer}", {"name": name})
        sync(saas, path)
    assert rows(path, f"select name from stripe.customers where id = '{customer}'") == [("C",)]


def test_who_comes_while_pages_are_read_is_there_after_the_next_run(saas, path):
    with saas.stripe.inject(faults.CHANGED_WHILE_PAGED):
        sync(saas, path, page=2, streams=("events", "customers"))
    sync(saas, path)
    assert counted(path)["customers"] == TRUTH[3]["customers"] + 3


def test_charges_that_come_late_are_there_after_the_next_run(saas, path):
    with saas.stripe.inject(faults.LATE_CHARGES):
        report = sync(saas, path)
    sync(saas, path)
    assert ("named by other objects" in str(report.failures["stripe.charges"]), counted(path)) == (True, TRUTH[3])


def test_every_payload_is_what_its_list_shows(saas, path):
    sync(saas, path)
    for charge in [
        paid["id"]
        for paid in listed(saas, "/v1/charges")
        if paid["status"] == "succeeded" and not paid["amount_refunded"]
    ][5:60:9]:
        write(saas, "/v1/refunds", {"charge": charge, "amount": 100})
    write(
        saas,
        "/v1/subscriptions/" + next(subscription["id"] for subscription in listed(saas, "/v1/subscriptions")),
        {"cancel_at_period_end": "true"},
    )
    sync(saas, path)
    differs = [
        name
        for name in stripe.LISTED
        if by_id(json.loads(p) for (p,) in rows(path, f"select _payload from stripe.{name}"))
        != by_id(listed(saas, stripe.PATHS.get(name, f"/v1/{name}"), stripe.MORE.get(name)))
    ]
    assert differs == []


def by_id(objects) -> dict:
    return {obj["id"]: obj for obj in objects}


def test_a_run_that_missed_events_reads_the_lists_again(saas, path):
    sync(saas, path)
    rows(
        path,
        "update ingest.state set cursor = '{\"created\": 1, \"event\": \"evt_gone\", \"latest\": 0}' "
        "where stream = 'products'",
    )
    before = saas.stripe.requests()[-1]["seq"]
    sync(saas, path)
    assert "/v1/products" in [request["path"] for request in saas.stripe.requests(before)]


@pytest.mark.parametrize("moment", ["before remember", "after remember"])
def test_a_run_that_is_killed_between_rows_and_state_is_finished_by_the_next(moment, saas, path):
    script = f"""
import os, signal
from environments.stack.ingest import stripe
from environments.stack.ingest.warehouse import Warehouse
remember = Warehouse.remember
def dying(self, stream, cursor):
    {"remember(self, stream, cursor)" if moment == "after remember" else ""}
    if stream.name == "charges":
        os.kill(os.getpid(), signal.SIGKILL)
    {"" if moment == "after remember" else "remember(self, stream, cursor)"}
Warehouse.remember = dying
with Warehouse({str(path)!r}) as warehouse, stripe.client({saas.stripe.base_url!r}, os.environ["KEY"]) as api:
    stripe.sync(api, warehouse)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | {"KEY": saas.stripe.credentials["api_key"]}, timeout=HANG
    )
    sync(saas, path)
    assert (done.returncode, counted(path)) == (-signal.SIGKILL, TRUTH[3])


# Failures by kind

def test_a_rate_limit_and_errors_of_the_server_pass(saas, path):
    with saas.stripe.inject(
        faults.RATE_LIMITED, faults.SERVER_ERRORS.but(skip=3, times=2), faults.DROPPED.but(skip=6)
    ) as hits:
        sync(saas, path)
    assert (hits.count, counted(path)) == (5, TRUTH[3])


def test_it_waits_as_long_as_it_is_told_to(saas, path):
    wait = faults.RATE_LIMITED.but(
        times=1, effects=(faults.RespondWith(429, "rate_limit", "Slow down.", {"Retry-After": "1"}),)
    )
    with saas.stripe.inject(wait) as hits:
        sync(saas, path, streams=("products",))
    assert hits.requests[1]["at"] - hits.requests[0]["at"] >= 1


def test_it_gives_up_where_the_vendor_says_that_retrying_is_of_no_use(saas, path):
    with saas.stripe.inject(faults.RATE_LIMITED_FOR_GOOD) as hits:
        report = sync(saas, path)
    assert (hits.count, "run again later" in str(report.failures["stripe.events"])) == (1, True)


@pytest.mark.parametrize("fault", [faults.KEY_EXPIRED, faults.KEY_ROTATED])
def test_no_request_follows_a_key_that_is_refused(fault, saas, path):
    key = saas.stripe.credentials["api_key"]
    with saas.stripe.inject(fault.but(skip=2)) as hits, Warehouse(path) as warehouse, \
            stripe.client(saas.stripe.base_url, key, BRIEF) as api, pytest.raises(KeyRefused, match=key[-4:]):
        stripe.sync(api, warehouse)
    assert [request["status"] for request in hits.requests].count(401) == 1


def test_a_stream_that_may_not_be_read_fails_alone(saas, path):
    with saas.stripe.inject(faults.PERMISSION_REVOKED):
        report = sync(saas, path)
    assert (list(report.failures), rows(path, "select count(*) from stripe.charges")[0][0]) == (
        ["stripe.balance_transactions"],
        TRUTH[3]["charges"],
    )


def test_a_wrong_request_is_not_tried_again(saas, path):
    report = sync(saas, path, page=1000)
    assert (report.requests["stripe"], "fix the connector" in str(report.failures["stripe.events"])) == (1, True)


def test_an_answer_that_breaks_off_is_asked_for_again(saas, path):
    cut = faults.TRUNCATED.but(
        api="stripe", route="GET /v1/charges", times=2, effects=(faults.Truncate(60, silent=True),)
    )
    with saas.stripe.inject(cut) as hits:
        sync(saas, path)
    assert (hits.count, counted(path)) == (2, TRUTH[3])


def test_a_hanging_request_is_given_up_and_tried_again(saas, path):
    with saas.stripe.inject(faults.TIMEOUT):
        sync(saas, path, streams=("products", "prices"), patience=HASTY)
    assert rows(path, "select count(*) from stripe.products")[0][0] == TRUTH[3]["products"]


# Drift

@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.FIELD_RENAMED, "amount_refunded is missing"),
        (faults.TYPE_CHANGED, "amount is VARCHAR, not integer"),
        (faults.FIELD_GONE, "currency is missing"),
    ],
)
def test_a_record_that_breaks_the_contract_is_set_aside_with_its_reason_and_read_again_once_it_is_whole(
    fault, said, saas, path
):
    with saas.stripe.inject(fault):
        report = sync(saas, path)
    broken = rows(path, "select count(*) from stripe.charges")[0][0]
    sync(saas, path)
    assert (
        said in str(report.failures["stripe.charges"]),
        broken,
        counted(path),
        rows(path, "select count(*) from ingest.quarantine where resolved_at is null"),
    ) == (True, 0, TRUTH[3], [(0,)])


def test_a_new_field_is_accepted_and_recorded(saas, path):
    sync(saas, path)
    with saas.stripe.inject(faults.FIELD_RENAMED.but(effects=(faults.Rename("livemode", of="customer", to="live"),))):
        write(saas, f"/v1/customers/{listed(saas, '/v1/customers')[0]['id']}", {"name": "N"})
        report = sync(saas, path)
    assert (report.failures, rows(path, "select field, what from ingest.drift where stream = 'customers'")) == (
        {},
        [("live", "came")],
    )


def test_every_record_that_was_read_is_accounted_for(saas, path):
    with saas.stripe.inject(faults.TYPE_CHANGED.but(effects=(faults.Retype("amount", of="charge", every=7),))):
        sync(saas, path)
    assert rows(path, "select sum(read) - sum(added + changed + same + duplicate + quarantined) from ingest.loads") == [
        (0,)
    ]


# Exports

@pytest.fixture(scope="module")
def product():
    return true_of(Product(World(3, 2)))


@pytest.fixture
def tiny():
    with Simulator(World(3, 2)) as running:
        yield running


def exported(path) -> dict:
    return {
        api: {"export": rows(path, f"select count(*) from {api}.export")[0][0]} for api in ("mixpanel", "amplitude")
    }


def export(tiny, path, until=END, **more):
    return ingest(path, tiny.as_dict(), until, only=("mixpanel", "amplitude"), **more)


def test_exports_are_the_truth_day_after_day_and_again(tiny, path, product):
    for until in (END - timedelta(days=40), END - timedelta(days=39), END, END):
        report = export(tiny, path, until)
    assert ({api: exported(path)[api] for api in exported(path)}, report.failures) == (
        {api: product[api] for api in ("mixpanel", "amplitude")},
        {},
    )


def test_exports_go_on_where_they_ended(tiny, path):
    export(tiny, path, since=(END - timedelta(days=60)).date())
    before = tiny.mixpanel.requests()[-1]["seq"]
    export(tiny, path, END)
    assert tiny.mixpanel.requests(before)[-1]["query"].startswith("from_date=2026-06-25&to_date=2026-07-01")


@pytest.mark.parametrize("api", ["mixpanel", "amplitude"])
@pytest.mark.parametrize("silent", [True, False])
def test_an_export_that_breaks_off_is_never_loaded_by_halves(api, silent, tiny, path):
    cut = faults.TRUNCATED.but(api=api, route="GET /api/*", effects=(faults.Truncate(50, silent=silent),))
    since = (END - timedelta(days=20)).date()
    with getattr(tiny, api).inject(cut) as hits:
        export(tiny, path, since=since)
    broken = exported(path)[api]
    path.unlink()
    export(tiny, path, since=since)
    assert (hits.count, broken) == (1, exported(path)[api])


def test_hours_without_data_are_no_error(tiny, path):
    with tiny.amplitude.inject(faults.NO_DATA):
        report = export(tiny, path, since=(END - timedelta(days=5)).date())
    assert (report.failures, exported(path)["amplitude"]["export"]) == ({}, 0)


def test_an_export_that_times_out_is_asked_for_by_halves(tiny, path):
    with tiny.amplitude.inject(faults.EXPORT_TIMED_OUT) as hits:
        export(tiny, path, since=(END - timedelta(days=9)).date())
    assert [request["status"] for request in hits.requests] == [504, 200, 200]


@pytest.mark.parametrize(
    "fault",
    [
        faults.DUPLICATES,
        faults.DUPLICATES_WITHOUT_ID,
        faults.LATE_RECORDS.but(api="mixpanel", route="GET /api/2.0/export"),
        faults.EMPTY_EXPORT,
    ],
)
def test_events_that_come_twice_or_late_are_there_once(fault, tiny, path):
    since = (END - timedelta(days=5)).date()
    with tiny.mixpanel.inject(fault):
        export(tiny, path, since=since)
    export(tiny, path, since=since)
    found = exported(path)
    path.unlink()
    export(tiny, path, since=since)
    assert found == exported(path)


@pytest.mark.parametrize("fault", [faults.DUPLICATES, faults.DUPLICATES_WITHOUT_ID, faults.TYPE_CHANGED.but(
    api="mixpanel", route="GET /api/2.0/export", effects=(faults.Retype("event", every=5),))])
def test_a_window_read_and_merged_in_parts_is_as_if_it_were_at_once(fault, tiny, path, monkeypatch):
    def loaded() -> tuple:
        with tiny.mixpanel.inject(fault):
            ingest(path, tiny.as_dict(), END, only=("mixpanel",), since=(END - timedelta(days=30)).date())
        found = (rows(path, "select * exclude _loaded_at from mixpanel.export order by all"),
                 rows(path, "select * exclude loaded_at from ingest.loads order by all"),
                 rows(path, "select * exclude seen_at from ingest.quarantine order by all"))
        path.unlink()
        return found

    at_once = loaded()
    monkeypatch.setattr(warehouse, "PIECE", 3_000)
    monkeypatch.setattr(warehouse, "AT_ONCE", 5_000)
    assert (loaded(), len(at_once[0]) > 100) == (at_once, True)


@pytest.mark.slow
def test_large_records_are_loaded_within_the_warehouse_s_memory(path, tmp_path):
    lines = tmp_path / "lines"
    with lines.open("w") as out:
        for number in range(7_000):
            products = [{"product": at, "many": 1} for at in range(150)]
            out.write(json.dumps({"id": f"in_{number}", "created": number, "lines": products}) + "\n")
    invoices = stripe.STREAMS["invoices"]
    with Warehouse(path) as opened:
        counts = opened.merge(replace(invoices, columns=invoices.columns[:2]), lines)
    assert counts.added == 7_000


def test_days_that_came_empty_between_others_are_asked_for_again(tiny, path):
    def load():
        key = tiny.mixpanel.credentials
        with (
            Warehouse(path) as warehouse,
            mixpanel.client(tiny.mixpanel.base_url, key["username"], key["secret"], BRIEF, spacing=0) as api,
        ):
            exports.sync(
                mixpanel.export(key["project_id"], window=timedelta(days=8)),
                api,
                warehouse,
                (END - timedelta(days=40)).date(),
                END,
            )

    with tiny.mixpanel.inject(faults.EMPTY_EXPORT.but(skip=1, times=1)):
        load()
    load()
    found = exported_by(path)
    path.unlink()
    load()
    assert found == exported_by(path)


def exported_by(path) -> list[tuple]:
    return rows(path, "select cast(time as date) as day, count(*) from mixpanel.export group by day order by day")


def test_a_key_that_is_refused_stops_its_own_source_only(tiny, path):
    old = tiny.as_dict()
    with tiny.mixpanel.inject(faults.MIXPANEL_KEY_ROTATED) as hits:
        report = ingest(path, old, END, since=(END - timedelta(days=3)).date(), only=("mixpanel", "amplitude"))
    assert (hits.count, list(report.failures), "amplitude.export" in report.counts) == (1, ["mixpanel"], True)


