"""A project's tests, tried on warehouses that are right and broken."""

import pytest

from environments.errors import LabsError
from environments.stack.contracts import failing, run_tests

BROKEN = "update marts.fct_net_revenue set refunds_cents = -refunds_cents"
FILES = {
    "tests/of_the_sum.sql": "select * from {{ ref('fct_net_revenue') }}\n"
                            "where gross_cents + refunds_cents + disputes_cents + fees_cents <> net_revenue_cents",
    "tests/of_nothing.sql": "select 1 as n where false",
    "tests/of_all.sql": "select 1 as n",
    "tests/warns.sql": "{{ config(severity='warn') }}select 1 as n",
}
NAMES = ["of_the_sum", "of_nothing", "of_all", "warns"]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("broken", "due"), [("", ["of_all"]), (BROKEN, ["of_all", "of_the_sum"])],
                         ids=["right", "broken"])
def test_a_test_fails_on_the_warehouse_that_breaks_its_contract_alone(broken, due):
    assert failing(run_tests(FILES, NAMES, broken), broken) == due


@pytest.mark.exhaustive
def test_rows_that_a_test_made_itself_do_not_count():
    spoils = "{% do run_query('update marts.fct_net_revenue set gross_cents = -1') %}" + FILES["tests/of_the_sum.sql"]
    assert failing(run_tests({"tests/spoils.sql": spoils}, "spoils")) == []


@pytest.mark.exhaustive
def test_a_test_that_cannot_be_asked_is_named():
    with pytest.raises(LabsError, match="test odd could not be run"):
        failing(run_tests({"tests/odd.sql": "select nothing from nowhere"}, "odd"))
