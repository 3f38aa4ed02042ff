"""Checks of Lab 7, part 8: files that come by themselves, and keys that nobody can read afterwards."""

import http.server
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from secrets import token_hex

from autograders.checks.lab_07.part_6 import expect_looks, served
from autograders.checks.lab_07.pipelines import a_day, in_words, moment, simulated, text_of
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from autograders.undisturbed import undisturbed
from environments.errors import LabsError
from environments.stack.orchestration.nights import Nights, Outcome
from environments.stack.orchestration.parts import description_in, pipeline, why
from environments.stack.orchestration.scenario import Launch, NewFile, Scenario

__all__ = ["a_restart_loses_no_file", "each_file_is_loaded_once", "keys_stay_secret", "somebody_owns_it"]

WITHIN = 30
# Dagster keeps what steps print, beside their run; simulated days do not, so the pipeline writes it down itself.
PRINTED = """
import sys
sys.stdout = sys.stderr = open("printed.txt", "a", buffering=1)
"""
SHEET = "Full Name,E-mail\nAda,a@x.org\n"


# Files

def _files(function) -> CheckedFunction:
    return CheckedFunction(function, look="context.cursor has what context.update_cursor kept at the look before")


def _loaded(outcome: Outcome) -> list[str]:
    """The files that runs loaded, in that order."""
    return [str(made["metadata"].get("file")) for run in outcome.runs for made in run.materialized
            if made["asset"] == "crm"]


def _expect_loaded(asked: CheckedFunction, outcome: Outcome, due: list[str], words: str) -> None:
    asked.expect(_loaded(outcome) == due, words, got=f"loaded {', '.join(_loaded(outcome)) or 'none'}")


@repeatable
def each_file_is_loaded_once(function) -> None:
    """Two at once, one again, one that is no CSV; copies with an old time of change, and the first version restored."""
    asked, day = _files(function), a_day()
    came, again, late, soon, restored = (moment(day, time(hour, 30)) for hour in (13, 15, 16, 17, 18))
    in_its_second = moment(day, time(13, 30, 0, 400_000))
    old = moment(day - timedelta(days=draw.randrange(2, 20)), time(9))
    names = [f"contacts_{n}.csv" for n in sorted(draw.sample(range(100, 1000), 3))]
    files = [NewFile(came, names[0], SHEET), NewFile(came, names[1], SHEET),
             NewFile(came, "notes.txt", "no sheet"), NewFile(again, names[0], SHEET + "Bo,b@x.org\n", changed=old),
             NewFile(late, names[2], SHEET, changed=old), NewFile(soon, names[1], SHEET, changed=in_its_second),
             NewFile(restored, names[0], SHEET, changed=came)]
    scenario = Scenario(moment(day, time(12)), moment(day, time(20)), files=tuple(files), history=1)
    when = ("where two files come, one of them again with an older time, an old copy, one changed by 0.4 s, and the "
            "first version once more")
    with simulated(asked, scenario, course=("sheet",), when=when) as it:
        expect_looks(it)
        _expect_loaded(asked, it.outcome, [*names[:2], names[0], *names[2:0:-1], names[0]],
                       "both, in the order of their names, and each change: any other time of change is one")
        busy = [tick for tick in it.outcome.ticks if tick.kind == "sensor" and tick.runs]
        asked.expect(len(busy) == 5, "five looks that ask for runs, and no others",
                     got=f"{len(busy)} looks asked for runs")
    empty = Scenario(moment(day, time(12)), moment(day, time(15)), history=1)
    with simulated(asked, empty, course=("sheet",), when="where no file comes") as it:
        asked.expect(not it.outcome.runs and all(tick.status == "skipped" for tick in it.outcome.ticks),
                     "no run, and no look that fails", got=f"{len(it.outcome.runs)} runs")


@repeatable
def a_restart_loses_no_file(function) -> None:
    """The daemon stops after one file; the next comes while nobody looks."""
    asked, day = _files(function), a_day()
    names = [f"contacts_{n}.csv" for n in sorted(draw.sample(range(100, 1000), 2))]
    before = Scenario(moment(day, time(12)), moment(day, time(15)), keep=True, history=1,
                      files=(NewFile(moment(day, time(13, 30)), names[0], SHEET),))
    after = Scenario(moment(day, time(16)), moment(day, time(19)), keep=True, history=1,
                     files=(NewFile(moment(day, time(16)), names[1], SHEET),))
    with simulated(asked, before, course=("sheet",), when="before the daemon stops") as it:
        _expect_loaded(asked, it.outcome, names[:1], "the file")
        outcome = it.again(after)
        asked.when = "where the daemon starts again"
        _expect_loaded(asked, outcome, names, "the new file, and the old one no more")
        asks = [tick for tick in outcome.ticks if tick.kind == "sensor" and names[0] in str(tick.runs)]
        asked.expect(not asks, "no look that asks for the old file again", got="one asked for it again")


# Keys

@dataclass
class Vendor:
    """An API that takes one key, and repeats another one in its refusal, as careless ones do."""

    key: str
    charges: int = 0
    status: int = 200  # of its answer to the right key
    url: str = ""
    calls: list[str] = field(default_factory=list)

    @contextmanager
    def answering(self) -> Iterator["Vendor"]:
        vendor = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802 (the base class calls it that)
                status, body = vendor.answer(self.headers.get("Authorization", ""))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args) -> None:
                pass

        with served(Handler) as address:
            self.url = f"{address}/v1/charges"
            yield self

    def answer(self, sent: str) -> tuple[int, bytes]:
        self.calls.append(sent)
        if sent == f"Bearer {self.key}":
            return self.status, json.dumps({"charges": self.charges}).encode()
        return 401, json.dumps({"error": f"Invalid API Key provided: {sent.removeprefix('Bearer ')}"}).encode()


def _ran(asked: CheckedFunction, vendor: Vendor, key: str, when: str, keep: bool = False,
         early: bool = False) -> tuple[Outcome, list[dict], bool]:
    """A run of the asset with this key in the environment, `early` as soon as the part is loaded, what it says of
    itself, and, with `keep`, whether the key stands in what it left: Dagster's storage has all events with their
    metadata, and a file what was printed."""
    text, day = text_of(asked, when), a_day()
    try:
        whole = pipeline(text, course=("jobs",), rest=PRINTED)
        scenario = Scenario(moment(day, time(12)), moment(day, time(14)), history=0, keep=keep,
                            launches=(Launch(moment(day, time(13)), "morning"),))
        with undisturbed(), Nights(whole, WITHIN) as nights:
            names = {"STRIPE_URL": vendor.url, "STRIPE_API_KEY": key}
            outcome = nights.run(scenario, **names) if early else nights.run(scenario, later=names)
            said, kept = description_in(nights.folder), _stands_in(nights.folder, key)
    except LabsError as e:
        asked.fail("a pipeline that can run", got=str(e))
    if outcome.error:
        asked.fail("a pipeline that can run", got=why(outcome.error, whole)[:300].replace(key, "THE KEY"))
    return outcome, said, kept


def _stands_in(folder: Path, key: str) -> bool:
    secret = key.removeprefix("sk_live_").encode()
    return any(secret in file.read_bytes() for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


KEY_COMES_LATER = "with a key that is taken, and is not there before the run"


@repeatable
def keys_stay_secret(function) -> None:
    """With the right key, with an answer that is none, and with a key that is refused."""
    asked = CheckedFunction(function, look="read the key in the asset's body; keep the vendor's words out of errors")
    vendor = Vendor(f"sk_live_{token_hex(8)}", draw.randrange(10, 1000))
    with vendor.answering():
        outcome, said, kept = _ran(asked, vendor, vendor.key, KEY_COMES_LATER, keep=True)
        asked.expect(vendor.calls == [f"Bearer {vendor.key}"], "one request, with the key of the environment",
                     got=f"{len(vendor.calls)} requests; its run " + ", ".join(map(in_words, outcome.runs))
                     .replace(vendor.key, "THE KEY"))
        made = [each["metadata"].get("charges") for run in outcome.runs for each in run.materialized]
        asked.expect(made == [vendor.charges], "the asset, with the number of charges", got=f"made {made!r:.60}")
        _expect_secret(asked, vendor.key, outcome, said, kept)
        vendor.status = draw.choice((201, 202, 203))
        outcome, _, _ = _ran(asked, vendor, vendor.key, f"where the answer has the status {vendor.status}")
        _expect_failed(asked, outcome, vendor.status)
        wrong = f"sk_live_{token_hex(8)}"
        outcome, said, kept = _ran(asked, vendor, wrong, "with a key that is refused", keep=True)
        _expect_failed(asked, outcome, 401)
        _expect_secret(asked, wrong, outcome, said, kept)


def _expect_failed(asked: CheckedFunction, outcome: Outcome, status: int) -> None:
    asked.expect([run.status for run in outcome.runs] == ["FAILURE"], "a run that failed",
                 got=f"{[run.status for run in outcome.runs]}")
    asked.expect(str(status) in outcome.runs[0].log, f"an error that says {status}",
                 got=f"its log does not say {status}")


def _expect_secret(asked: CheckedFunction, key: str, outcome: Outcome, said: list[dict], kept: bool) -> None:
    places = {
        "the log of the run": "".join(run.log for run in outcome.runs),
        "the run's tags": json.dumps([run.tags for run in outcome.runs]),
        "the metadata": json.dumps([run.materialized for run in outcome.runs], default=str),
        "what the asset says of itself": json.dumps(said),
    }
    found = [place for place, text in places.items() if key in text or key.removeprefix("sk_live_") in text]
    if kept and not found:
        found = ["an event, or in what the step printed"]
    asked.expect(not found, "the key nowhere in what the run leaves", got=f"the key stands in {', '.join(found)}")


@repeatable
def somebody_owns_it(function) -> None:
    """Who is asked, and how loudly, where it fails."""
    asked = CheckedFunction(function, look="@dg.asset takes owners and tags")
    vendor = Vendor(token_hex(8), 1)
    with vendor.answering():
        _, said, _ = _ran(asked, vendor, vendor.key, "asked for its owner", early=True)
    found = {each["asset"]: each for each in said}
    asked.expect(set(found) == {"stripe_account"}, "one asset, stripe_account", got=f"defined {sorted(found)}")
    asset = found["stripe_account"]
    asked.expect(asset["owners"] == ["team:data"], "the owner team:data", got=f"owners are {asset['owners']}")
    asked.expect(asset["tags"].get("alert") == "page", "the tag alert with the value page",
                 got=f"tags are {asset['tags']}"[:150])
