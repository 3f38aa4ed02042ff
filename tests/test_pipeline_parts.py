"""The parts of the reference pipeline by themselves: real loads through the simulated APIs, the real dbt, alerts."""

import contextlib
import http.server
import json
import threading
import urllib.error
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPMessage

import duckdb
import pytest

from environments.stack.orchestration import definitions
from environments.stack.orchestration.alerts import Alert, Alerts, NotDelivered
from environments.stack.orchestration.checks import day_of
from environments.stack.orchestration.feeds import DUTIES, FEEDS, duty_of
from environments.stack.orchestration.resources import MixpanelSource, StripeSource, WarehouseFile
from tests import pipelines

NOW = datetime(2026, 7, 1, 10, tzinfo=UTC)
WRONG = Alert("failed/stripe", "firing", "page", "stripe failed: 401", NOW.isoformat(), "team:data", "/runs/1", "Look.")


# Alerts

class Taken(Alerts):
    """A webhook that takes what it is given, or nothing."""

    works: bool = True

    def _post(self, url: str, body: bytes) -> None:
        if not self.works:
            raise ConnectionRefusedError("refused")
        if b"unreadable" in body:
            raise urllib.error.HTTPError(url, 422, "no", HTTPMessage(), None)
        posted.append(json.loads(body))


posted: list[dict] = []


@pytest.fixture
def alerts(tmp_path):
    def made(works: bool = True) -> Alerts:
        return Taken(url="", token="", folder=str(tmp_path), works=works)

    posted.clear()
    return made


def test_an_incident_fires_once_however_often_it_is_seen(alerts):
    for _ in range(3):
        alerts().fire(WRONG)
        alerts().deliver()
    assert [post["status"] for post in posted] == ["firing"]


def test_the_end_of_an_incident_is_said_once_and_of_what_was_none_never(alerts):
    alerts().fire(WRONG)
    for key in ("failed/stripe", "failed/stripe", "failed/crm"):
        alerts().resolve(key, NOW + timedelta(hours=1))
    alerts().deliver()
    assert [(post["status"], post["since"]) for post in posted] == [
        ("firing", NOW.isoformat()), ("resolved", (NOW + timedelta(hours=1)).isoformat())]


def test_what_the_webhook_refuses_is_kept_and_sent_in_its_order(alerts):
    alerts(works=False).fire(WRONG)
    with pytest.raises(NotDelivered, match="1 alerts wait"):
        alerts(works=False).deliver()
    alerts().resolve("failed/stripe", NOW)
    assert (alerts().deliver(), [post["status"] for post in posted]) == (2, ["firing", "resolved"])


def test_an_alert_that_nobody_can_read_holds_up_no_other(alerts, tmp_path):
    alerts().fire(replace(WRONG, key="unreadable"))
    alerts().fire(WRONG)
    for _ in range(2):
        with contextlib.suppress(NotDelivered):
            alerts().deliver()
    assert ([post["key"] for post in posted], len(list((tmp_path / "refused").iterdir()))) == (["failed/stripe"], 1)


def test_a_heartbeat_says_who_and_how_often(tmp_path, alerts):
    alerts()
    Taken(url="", token="", folder=str(tmp_path), heartbeat_url="/beat").beat("teaspoon", 60)
    assert posted == [{"watcher": "teaspoon", "every": 60}]


def test_the_courses_inbox_has_one_incident_its_end_and_who_watches(tmp_path):
    from environments.alerts import receiving

    now = NOW.timestamp()
    with receiving(now=lambda: now) as inbox:
        alerts = Alerts(url=inbox.url, token=inbox.token, folder=str(tmp_path), heartbeat_url=inbox.heartbeat_url)
        alerts.fire(WRONG)
        with inbox.refusing(503), pytest.raises(NotDelivered):
            alerts.deliver()
        alerts.fire(WRONG)
        alerts.resolve(WRONG.key, NOW)
        alerts.deliver()
        alerts.beat("teaspoon", 60)
        now += 121
        incident, = inbox.incidents().to_dict("records")
        assert (incident["count"], incident["status"], incident["owner"], incident["first_step"], list(
            inbox.heartbeats()["overdue"])) == (1, "resolved", WRONG.owner, WRONG.first_step, [True])


def test_every_step_of_the_pipeline_has_an_owner_and_a_first_step():
    steps = {step for asset in pipelines.reference().assets for step in [asset.op.name]}
    assert (steps - set(DUTIES), duty_of("stripe_checks"), duty_of("?").severity) == (
        set(), DUTIES["stripe"], "page")


# Secrets

@pytest.mark.slow
def test_a_key_that_is_refused_is_in_no_log_and_no_configuration(monkeypatch, tmp_path, refusing):
    import dagster as dg

    for name, value in {"STRIPE_URL": refusing, "STRIPE_API_KEY": "sk_test_of_this_test",
                        "TEASPOON_WAREHOUSE": str(tmp_path / "w.duckdb")}.items():
        monkeypatch.setenv(name, value)
    job = pipelines.reference().resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        run = job.execute_in_process(instance=instance, asset_selection=[dg.AssetKey("stripe")], raise_on_error=False)
        kept = str(instance.all_logs(run.run_id)) + str(instance.get_run_by_id(run.run_id))
    assert ("401" in kept, "sk_test_of_this_test" in kept) == (True, False)


@pytest.fixture
def refusing():
    """The address of an API that refuses every key."""
    class Refuses(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802 (the base class calls it that)
            self.send_error(401)

        def log_message(self, format, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refuses) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


# Checks

@pytest.mark.parametrize(("partition", "now", "day"), [
    ("2026-03-08", NOW, "2026-03-08"), (None, datetime(2026, 3, 8, 3, tzinfo=UTC), "2026-03-06"),
    (None, datetime(2026, 3, 8, 5, tzinfo=UTC), "2026-03-07"),
])
def test_a_run_is_about_its_partition_or_the_companys_last_whole_day(partition, now, day):
    assert str(day_of(partition, now)) == day


# Loads

@pytest.fixture(scope="module")
def saas():
    from datasets.world import World
    from environments.saas import Simulator

    with Simulator(World(3, 8)) as running:
        yield running


def count(path, table: str) -> int:
    with duckdb.connect(str(path)) as con:
        return con.execute(f"select count(*) from {table}").fetchall()[0][0]


@pytest.mark.slow
def test_billing_is_loaded_once_and_a_deleted_event_stays(saas, tmp_path):
    warehouse = WarehouseFile(path=str(tmp_path / "w.duckdb"))
    source = StripeSource(base_url=saas.stripe.base_url, api_key=saas.stripe.credentials["api_key"])
    source.load(warehouse)
    with warehouse.connect() as con:
        con.execute("insert into raw.stripe_events by name (select * replace ('evt_old' as id, 'evt_old' as _key) "
                    "from raw.stripe_events limit 1)")
    before = [count(warehouse.path, table) for table in ("raw.stripe_charges", "raw.stripe_events")]
    source.load(warehouse)
    assert [count(warehouse.path, table) for table in ("raw.stripe_charges", "raw.stripe_events")] == before


@pytest.mark.slow
def test_a_lost_day_of_events_is_loaded_again_without_doubling_one(saas, tmp_path):
    warehouse = WarehouseFile(path=str(tmp_path / "w.duckdb"))
    source = MixpanelSource(base_url=saas.mixpanel.base_url, **{
        name: saas.mixpanel.credentials[name] for name in ("username", "secret", "project_id")})
    day = datetime(2026, 6, 20, 4, tzinfo=UTC), datetime(2026, 6, 21, 4, tzinfo=UTC)
    source.load(warehouse, day)
    whole = count(warehouse.path, "raw.mixpanel_export")
    with warehouse.connect() as con:
        for table in ("mixpanel.export", "raw.mixpanel_export"):
            con.execute(f"delete from {table} where time >= '2026-06-20'")
    lost = count(warehouse.path, "raw.mixpanel_export")
    source.load(warehouse, day)
    assert (lost < whole, count(warehouse.path, "raw.mixpanel_export")) == (True, whole)


# The whole of it

@pytest.mark.slow
@pytest.mark.exhaustive
def test_a_morning_with_the_real_dbt_publishes_the_marts(tmp_path):
    """Loads are left out: they are landed from a world. What is published is what dbt alone would have built."""
    import dagster as dg

    from datasets.marts import Marts
    from datasets.world import World
    from environments.stack.landing import land
    manifest = pipelines.reference_manifest(tmp_path / "dbt")
    land(World(11, 12), tmp_path / "w.duckdb", days=7)
    made = definitions.definitions(manifest)
    resources = {"warehouse": WarehouseFile(path=str(tmp_path / "w.duckdb"))}
    chosen = [key for key in made.resolve_asset_graph().executable_asset_keys if key.path[0] not in {*FEEDS, "crm"}]
    with dg.DagsterInstance.ephemeral() as instance, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEASPOON_WAREHOUSE", resources["warehouse"].path)
        patch.setenv("TEASPOON_DBT", str(tmp_path / "dbt"))
        patch.setenv("TEASPOON_PUBLIC", str(tmp_path))
        run = made.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance, asset_selection=chosen, raise_on_error=False)
    with duckdb.connect(tmp_path / "billing.duckdb", read_only=True) as con:
        found = sum(con.execute("select count(*) from marts.fct_net_revenue").fetchall()[0])
    assert (run.success, found, {check.passed for check in run.get_asset_check_evaluations()}) == (
        True, len(Marts(World(11, 12), 7).fct_net_revenue()), {True})
