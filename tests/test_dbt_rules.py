"""The rules that the reference dbt project carries with it: sqlfluff's for its SQL, dbt-bouncer's for the rest."""

import subprocess
import sys
from pathlib import Path

import pytest

from environments.stack.dbt_project import REFERENCE, DbtProject
from environments.stack.warehouses import SEEDS, practice
from tests.waits import HANG

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("shared_templates")]
MODEL = "models/marts/fct_net_revenue.sql"
YAML = "models/marts/_marts__models.yml"


def said(folder: Path, *command: str) -> tuple[int, str]:
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([program, *command[1:]], cwd=folder, capture_output=True, text=True, timeout=HANG)
    return done.returncode, done.stdout + done.stderr


def bounced(project: DbtProject) -> tuple[int, str]:
    assert project.run("parse").success
    return said(project.folder, "dbt-bouncer", "run")


@pytest.fixture
def project():
    with practice(SEEDS[0], locked=False, built=True) as project:
        yield project


def test_the_projects_sql_keeps_to_its_style():
    status, text = said(REFERENCE, "sqlfluff", "lint", "models", "tests")
    assert status == 0, text


def test_sql_in_another_style_is_found(tmp_path):
    project = DbtProject.copy(tmp_path)
    project.write(MODEL, project.read(MODEL).replace("from lines", "FROM lines"))
    status, text = said(tmp_path, "sqlfluff", "lint", MODEL)
    assert (status, "CP01" in text) == (1, True), text


def test_the_project_keeps_to_its_rules(project):
    status, text = bounced(project)
    assert status == 0, text


def test_a_mart_without_a_contract_that_reads_a_source_breaks_two_rules(project):
    project.write(YAML, project.read(YAML).replace("enforced: true", "enforced: false"))
    project.write(MODEL, project.read(MODEL).replace("ref('stg_stripe__balance_transactions')",
                                                     "source('stripe', 'balance_transactions')"))
    status, text = bounced(project)
    found = [rule for rule in ("check_model_has_contracts_enforced", "check_lineage_source_cannot_be_used")
             if rule in text]
    assert (status, len(found)) == (1, 2), text
