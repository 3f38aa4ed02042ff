"""Pipelines in the grading sandbox: answers that are Python text or definitions, right, wrong and hostile."""

import pytest

from autograders.grading import sandbox
from environments import services
from environments.stack.orchestration.grading import NEEDS
from tests.pipelines import SMALL
from tests.small_lab import SmallLab
from tests.test_engine import STUB, messages, points

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(sandbox.refusal()), reason=sandbox.refusal() or "-")]
# The lab's own cells: a check of when a pipeline runs, on a night on which the clocks change.
SETUP = '''
from autograders.draws import draw, repeatable
from autograders.expect import CheckFailed
from environments.stack.orchestration import parts
from environments.stack.orchestration.nights import Nights
from environments.stack.orchestration.scenario import Scenario, Trouble

WITHIN = 20

@repeatable
def six_oclock(text):
    times = draw.randint(1, 2)
    night = Scenario("2026-03-07T12:00-05:00", "2026-03-08T12:00-04:00", history=1,
                     troubles=(Trouble("server_errors", "stripe", times=times),))
    said = text()
    with Nights(parts.pipeline(said) if said.startswith("def ") else said, WITHIN) as nights:
        outcome = nights.run(night)
        if outcome.error:
            raise CheckFailed("the pipeline", outcome.error, "one that runs", "the message")
        newest = nights.rows("select max(created)::varchar from raw.stripe_charges")
    at = [moment.isoformat() for moment in outcome.scheduled()]
    if (at, len(outcome.attempts("stripe")), newest) != (
            ["2026-03-08T10:00:00+00:00"], times + 1, [("2026-03-08 10:00:00",)]):
        raise CheckFailed("the pipeline", f"runs at {at}, newest row {newest}", "06:00", "the time zone")
'''


# The same pipeline as a part: real Python in the answer's cell.
PART = '''
from environments.stack.orchestration.parts import part

@part
def pipeline():
    @dg.asset(retry_policy=dg.RetryPolicy(max_retries=2, delay=30))
    def stripe(stripe: Source, warehouse: WarehouseFile):
        stripe.load(warehouse)

    @dg.schedule(target=[stripe], cron_schedule="0 6 * * *", execution_timezone="America/New_York",
                 default_status=dg.DefaultScheduleStatus.RUNNING)
    def nightly():
        return dg.RunRequest()

    return [stripe, nightly]
'''


class Needs:
    """A service of which nothing runs."""

    grading = NEEDS


def pipeline(text: str) -> str:
    """An answer that is this pipeline."""
    return f"def pipeline():\n    return {text!r}"


@pytest.fixture(scope="module")
def lab():
    """The lab of these tests needs Dagster warm."""
    made = SmallLab("90_pipelines", "pipelines", SETUP, "six_oclock(pipeline)", "check_six")
    with pytest.MonkeyPatch.context() as patch, made.needed():
        patch.setitem(services.SERVICES, "pipelines", f"{__name__}:Needs")
        yield made


# Attacks: each is a pipeline, and what the student is told in place of a point.
LOAD = "stripe.load(warehouse)"
ATTACKS = {
    "never ends": ("while True: pass", "did not end"),
    "ends at once": ("import os\nos._exit(0)", "without a result"),
    "leaves no form": ("import os, sys\nfolder = os.getcwd()\nopen(folder + '/answer.json', 'w').write('[[[')\n"
                       "os._exit(0)", "without a result"),
    "leaves a link": ("import os\nos.symlink('/etc/passwd', os.getcwd() + '/answer.json')\nos._exit(0)",
                      "without a result"),
    "reads the known answers": ("from autograders.homes import proofs\n"
                                "[file for place in proofs() if place.is_dir() for file in place.iterdir()][0]\n"
                                + SMALL, "PermissionError"),
    "takes the memory": ("x = bytearray(2**31)\n" + SMALL, ""),
    "kills its parents": ("import os, signal\nfor p in range(3, 4000):\n    try: os.kill(p, signal.SIGKILL)\n"
                          "    except OSError: pass\n" + SMALL.replace(LOAD, "1"), ""),
    "fills the warehouse": (SMALL.replace(LOAD, "fill(warehouse)") + '''
def fill(warehouse):
    with warehouse.connect() as con:
        con.execute("create table big as select repeat(md5(cast(i as varchar)), 100) from range(100000000) as t(i)")
''', ""),
    "moves the tables": (SMALL.replace(LOAD, "swap()") + '''
def swap():
    import os
    os.unlink("warehouse.duckdb")
    os.symlink("/etc/passwd", "warehouse.duckdb")
    return 1
''', "no warehouse"),
}


@pytest.fixture(scope="module")
def told(lab):
    """What a class scores, two graded at once."""
    return lab.graded({"right": pipeline(SMALL), "utc": pipeline(SMALL.replace("America/New_York", "UTC")),
                       "part": PART, "part in utc": PART.replace("America/New_York", "UTC"),
                       "untouched": STUB, "silent": pipeline(ATTACKS["ends at once"][0])})


def test_a_pipeline_runs_in_the_sandbox_and_is_judged_by_what_it_leaves(told):
    assert [points(told[name])["check_six"] for name in ("right", "utc", "untouched")] == [1, 0, 0]


def test_a_part_in_a_cell_is_judged_by_its_source(told):
    assert [points(told[name])["check_six"] for name in ("part", "part in utc")] == [1, 0]


def test_a_pipeline_that_ends_its_process_costs_its_own_point_alone(told):
    assert points(told["silent"]) == {"check_six": 0, "check_second": 1}


@pytest.mark.exhaustive
def test_no_attack_by_a_pipeline_gains_a_point_or_costs_another(lab):
    results = lab.graded({name: pipeline(text) for name, (text, _) in ATTACKS.items()})
    wrong = {name: (points(result), messages(result)["check_six"]) for name, result in results.items()
             if points(result) != {"check_six": 0, "check_second": 1}
             or ATTACKS[name][1] not in messages(result)["check_six"]}
    assert wrong == {} and len(results) == len(ATTACKS)
