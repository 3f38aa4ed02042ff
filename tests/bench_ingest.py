"""`make bench`: Teaspoon's ingestion beside Airbyte's own Stripe connector and dlt, each in an environment of its own,
from one simulator into DuckDB; and a million events of Mixpanel.

Some of it alone: python -m tests.bench ingest
"""

import json
import os
import subprocess
import sys
import time
import venv
from datetime import datetime
from pathlib import Path

from datasets.world import World
from environments.place import COURSE
from environments.saas import Simulator
from environments.saas.clock import Clock
from tests.memory import Watch

STREAMS = ("customers", "invoices", "charges", "payment_intents", "balance_transactions")
HOUSEHOLDS = int(os.environ.get("LABS_BENCH_HOUSEHOLDS", "40"))  # Airbyte alone would take a quarter of an hour for 400
EVENTS = (40, 410)  # households of worlds with about 100,000 and one million events on the website
OTHERS = {"airbyte-source-stripe": ["airbyte-source-stripe==5.14.1", "duckdb>=1.4"], "dlt": ["dlt[duckdb]==1.31.*"]}

OURS = """
import os, sys
from environments.stack.ingest import stripe
from environments.stack.ingest.warehouse import Warehouse
with Warehouse(sys.argv[1]) as warehouse, stripe.client(os.environ["BASE"], os.environ["KEY"]) as api:
    report = stripe.sync(api, warehouse, streams=tuple(sys.argv[2].split(",")))
assert not report.failures, report
print(sum(warehouse.read for warehouse in report.counts.values()))
"""
# The connector knows one address, so it is given another way there;
# what it prints lands in DuckDB as it is, the least a destination does.
AIRBYTE = """
import os, subprocess, sys, json
import duckdb
folder = os.path.dirname(sys.argv[1])
config, catalog, lines = (os.path.join(folder, name) for name in ("config.json", "catalog.json", "lines.jsonl"))
json.dump({"account_id": "acct_1", "client_secret": os.environ["KEY"], "start_date": "2024-01-01T00:00:00Z"},
          open(config, "w"))
inner = '''
import os, sys, requests
send = requests.Session.send
def there(self, request, **more):
    request.url = request.url.replace("https://api.stripe.com", os.environ["BASE"])
    return send(self, request, **more)
requests.Session.send = there
from source_stripe.run import run
run()
'''
def run(*arguments, out):
    subprocess.run([sys.executable, "-c", inner, *arguments], stdout=out, stderr=subprocess.DEVNULL, check=True)
with open(lines, "w") as out:
    run("discover", "--config", config, out=out)
found = next(json.loads(line)["catalog"]["streams"] for line in open(lines) if '"CATALOG"' in line)
json.dump({"streams": [{"stream": s, "sync_mode": "full_refresh", "destination_sync_mode": "overwrite"} for s in found
                       if s["name"] in sys.argv[2].split(",")]}, open(catalog, "w"))
started = __import__("time").perf_counter()
with open(lines, "w") as out:
    run("read", "--config", config, "--catalog", catalog, out=out)
con = duckdb.connect(sys.argv[1])
con.execute("create table records as select json_extract_string(json, '$.record.stream') as stream, "
            "json_extract(json, '$.record.data') as data "
            "from read_json_objects(?, format = 'newline_delimited', maximum_object_size = 16777216) "
            "where json_extract_string(json, '$.type') = 'RECORD'", [lines])
print("seconds", __import__("time").perf_counter() - started)
print(con.execute("select count(*) from records").fetchone()[0])
"""
DLT = """
import os, sys
import dlt
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import BasePaginator

class ByCursor(BasePaginator):
    def update_state(self, response, data=None):
        page = response.json()
        self._has_next_page = page["has_more"]
        self.last = page["data"][-1]["id"] if page["data"] else None
    def update_request(self, request):
        request.params = dict(request.params or {}, starting_after=self.last)

client = RESTClient(os.environ["BASE"], auth=BearerTokenAuth(os.environ["KEY"]))
def listed(name):
    yield from client.paginate("/v1/" + name, params={"limit": 100}, paginator=ByCursor(), data_selector="data")
resources = [dlt.resource(listed(name), name=name, primary_key="id", write_disposition="merge", max_table_nesting=0)
             for name in sys.argv[2].split(",")]
pipeline = dlt.pipeline("bench", destination=dlt.destinations.duckdb(sys.argv[1]), dataset_name="stripe",
                        pipelines_dir=os.path.dirname(sys.argv[1]))
pipeline.run(resources).raise_on_failed_jobs()
print(sum(pipeline.last_trace.last_normalize_info.row_counts.get(name, 0) for name in sys.argv[2].split(",")))
"""
MIXPANEL = """
import json, os, sys
from datetime import datetime
from environments.stack.ingest import ingest
places = {"mixpanel": json.loads(os.environ["MIXPANEL"])}
report = ingest(sys.argv[1], places, datetime.fromisoformat(sys.argv[2]), only=("mixpanel",))
assert not report.failures, report
print(report.counts["mixpanel.export"].read)
"""


def ingest(folder: Path):
    """Rows: what, value, how it was taken."""
    yield from _stripe(folder / "ingest")
    yield from _events(folder / "ingest")


def _stripe(folder: Path):
    folder.mkdir()
    pythons = {"ours": sys.executable} | {name: _environment(folder / name, wanted) for name, wanted in OTHERS.items()}
    speed = {}
    with Simulator(World(2026, HOUSEHOLDS), Clock.real()) as saas:
        for name, script in (("ours", OURS), ("airbyte-source-stripe", AIRBYTE), ("dlt", DLT)):
            (folder / f"{name}-run").mkdir()
            arguments = [pythons[name], "-c", script, str(folder / f"{name}-run/w.duckdb"), ",".join(STREAMS)]
            environment = {"BASE": saas.stripe.base_url, "KEY": saas.stripe.credentials["api_key"]}
            seconds, memory, said = _measured(arguments, environment)
            seconds = float(said[-2].split()[1]) if said[-2:-1] and said[-2].startswith("seconds") else seconds
            speed[name] = int(said[-1]) / seconds
            yield (
                f"Stripe into DuckDB, records a second: {name}",
                f"{speed[name]:,.0f}",
                f"{int(said[-1]):,} records of {len(STREAMS)} streams in {seconds:.1f} s, from the command to its end; "
                f"memory at most {memory / 2**20:.0f} MB",
            )
    yield (
        "  faster than the faster of the two",
        f"{speed['ours'] / max(speed['dlt'], speed['airbyte-source-stripe']):.1f} x",
        "ratio (asked: 1)",
    )


def _events(folder: Path):
    for households in EVENTS:
        with Simulator(World(2026, households)) as saas:
            warehouse = str(folder / f"events-{households}.duckdb")
            arguments = [sys.executable, "-c", MIXPANEL, warehouse, datetime(2026, 7, 1).isoformat()]
            seconds, memory, said = _measured(arguments, {"MIXPANEL": json.dumps(saas.as_dict()["mixpanel"])})
        yield (
            f"Mixpanel, {int(said[-1]):,} events",
            f"{memory / 2**20:.0f} MB",
            f"memory at most, of the process that loads them; {int(said[-1]) / seconds:,.0f} events a second, "
            "with the time the simulator takes",
        )


def _environment(folder: Path, wanted: list[str]) -> str:
    """A Python with these packages and nothing else."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin/python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], check=True)
    return python


def _measured(arguments: list[str], environment: dict) -> tuple[float, int, list[str]]:
    """Seconds of a command, the most memory that it and its children held, in bytes, and the lines that it printed."""
    started = time.monotonic()
    with (
        subprocess.Popen(
            arguments,
            cwd=COURSE,
            env=os.environ | {"RUNTIME__DLTHUB_TELEMETRY": "false", "DO_NOT_TRACK": "1"} | environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
        Watch(process.pid, every=0.1, family=True) as watch,
    ):
        said = process.stdout.read().splitlines()
    if process.returncode:
        raise RuntimeError(f"{arguments[0]} failed: {said[-3:]}")
    return time.monotonic() - started, watch.peak, said
