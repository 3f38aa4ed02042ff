"""dbt in the grading sandbox: answers that are a model's text, right, wrong and hostile, graded by the engine."""

import pytest

from autograders.grading import sandbox
from environments.stack.dbt_project import REFERENCE
from tests.small_lab import SmallLab
from tests.test_engine import STUB, messages, points

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("shared_templates"),
              pytest.mark.skipif(bool(sandbox.refusal()), reason=sandbox.refusal() or "-")]
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


@pytest.fixture(scope="module")
def lab():
    """The lab of these tests needs the warehouse."""
    made = SmallLab("90_dbt", "warehouse", SETUP, "charges(charges_model)", "check_charges")
    with made.needed():
        yield made


@pytest.fixture(scope="module")
def told(lab):
    """What a class scores, two graded at once."""
    wrong = RIGHT.replace("where not _deleted", "where amount < 3000")
    return lab.graded({"right": model(RIGHT), "wrong": model(wrong), "untouched": STUB,
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
    results = lab.graded({name: model(text) for name, (text, _) in ATTACKS.items()})
    wrong = {name: (points(result), messages(result)["check_charges"]) for name, result in results.items()
             if points(result) != {"check_charges": 0, "check_second": 1}
             or ATTACKS[name][1] not in " ".join(messages(result)["check_charges"].split())}
    assert wrong == {} and len(results) == len(ATTACKS)
