"""dbt in the grading sandbox: answers that are a model's text, right, wrong and hostile, graded by the engine."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograders.grading import engine as engines
from autograders.grading import sandbox
from autograders.grading.model import Graded, Release, Submission
from autograders.grading.pool import GradingOptions, workers
from autograders.grading.sandbox import Limits
from environments.course import Lab
from environments.stack.dbt_project import REFERENCE
from tests.test_engine import STUB, answer, check, messages, points

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(sandbox.refusal()), reason=sandbox.refusal() or "-")]
LIMITS = Limits(cell=60, submission=240, memory=1024, disk=256)
MODEL = "models/staging/stripe/stg_stripe__charges.sql"
RIGHT = (REFERENCE / MODEL).read_text()
# The lab's own cells: a check as CONTRIBUTING shows it.
SETUP = f'''
from autograders.draws import draw, repeatable
from autograders.expect import CheckFailed
from autograders.undisturbed import undisturbed
from environments.stack.warehouses import SEEDS, practice, untouched

WITHIN = 10

@repeatable
def charges(text):
    seed = draw.choice(SEEDS)
    with practice(seed) as project:
        project.write("{MODEL}", text())
        run = project.run("run", select="stg_stripe__charges", within=WITHIN)
        if not run.success:
            raise CheckFailed("stg_stripe__charges", run.why(), "a model that can be built", "the message")
        with undisturbed():
            found = project.rows("select charge_id, amount from staging.stg_stripe__charges order by all")
    due = untouched(seed, "select id, amount from raw.stripe_charges where not _deleted order by all")
    if found != due:
        raise CheckFailed("stg_stripe__charges", f"{{len(found)}} charges", f"{{len(due)}}", "the rows")
'''


def model(text: str) -> str:
    """An answer that is this model."""
    return f"def charges_model():\n    return {text!r}"


def release() -> Release:
    cells = [new_code_cell(SETUP, id="setup"), answer(STUB), check("charges(charges_model)", "check_charges"),
             answer(STUB, "second"), check("assert second() == 2", "check_second")]
    text = nbformat.writes(new_notebook(cells=cells))
    return Release("90_dbt", text, text)


def handed_in(name: str, source: str) -> Submission:
    notebook = nbformat.reads(release().visible, as_version=4)
    notebook.cells[1].source, notebook.cells[3].source = source, "def second():\n    return 2"
    return Submission(name, nbformat.writes(notebook).encode())


@pytest.fixture(scope="module")
def lab():
    """The lab of these tests needs the warehouse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "lab_of", lambda name: Lab(name, "", "", "", "", 1, ["warehouse"]))
        yield


def graded(answers: dict[str, str], limits: Limits = LIMITS, jobs: int = 2) -> dict[str, Graded]:
    with workers(release(), GradingOptions(jobs, limits=limits)) as pool:
        return {done.student: result for done, result in pool.results(handed_in(*one) for one in answers.items())}


@pytest.fixture(scope="module")
def told(lab):
    """What a class scores, two graded at once."""
    wrong = RIGHT.replace("where not _deleted", "where amount < 3000")
    return graded({"right": model(RIGHT), "wrong": model(wrong), "untouched": STUB,
                   "cheat": model(ATTACKS["changes the raw table"][0])})


# Attacks: each is the text of a model, and what the student is told in place of a point.
COPY = "{% do run_query(\"copy (select 1) to '/tmp/graded/home/labs-attack'\") %}select 1 as charge_id, 1 as amount"
LOOP = "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}" + RIGHT
FILL = "select i as charge_id, repeat(md5(cast(i as varchar)), 100) as amount from range(100000000) as t(i)"
TABLE = "{{ config(materialized='table') }}"
ATTACKS = {
    "reads a file": ("select * from read_text('/etc/passwd')", "disabled by configuration"),
    "reads the templates": ("select * from glob('/tmp/graded/templates/*')", "disabled by configuration"),
    "copies to a file": (COPY, "disabled by configuration"),
    "reads the environment": ("select '{{ env_var(\"LABS_SEED\") }}' as charge_id", "LABS_SEED"),
    "submits Python": ("{% do adapter.submit_python_job({'alias': 'x', 'schema': 'staging'}, 'open(\"/tmp/x\", \"w\")')"
                       " %}select 1 as charge_id, 1 as amount", "submit_python_job"),
    "has a hook": ("{{ config(post_hook=\"copy (select 1) to '/tmp/graded/home/labs-attack'\") }}" + RIGHT,
                   "disabled by configuration"),
    "changes the raw table": ("{% do run_query('delete from raw.stripe_charges where amount > 0') %}" + RIGHT,
                              "0 charges"),
    "never ends": (LOOP, "did not end"),
    "fills the disk": (TABLE + FILL, ""),
    "takes the memory": ("{{ config(materialized='table') }}select 1 as charge_id, list(range) as amount "
                         "from range(1000000000)", ""),
}


def test_a_model_is_built_in_the_sandbox_and_judged_by_its_rows(told):
    assert [points(told[name])["check_charges"] for name in ("right", "wrong", "untouched")] == [1, 0, 0]


def test_a_model_that_changes_what_it_is_compared_with_costs_its_own_point_alone(told):
    assert points(told["cheat"]) == {"check_charges": 0, "check_second": 1}


@pytest.mark.exhaustive
def test_no_attack_by_a_model_gains_a_point_or_costs_another(lab):
    results = graded({name: model(text) for name, (text, _) in ATTACKS.items()})
    wrong = {name: (points(result), messages(result)["check_charges"]) for name, result in results.items()
             if points(result) != {"check_charges": 0, "check_second": 1}
             or ATTACKS[name][1] not in " ".join(messages(result)["check_charges"].split())}
    assert wrong == {} and len(results) == len(ATTACKS)
