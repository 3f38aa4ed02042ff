"""What Lab 6's checks take for Superset's ways, compared with Superset: rules for rows, and for how long it keeps."""

import duckdb
import pytest

from autograders.checks.lab_06.part_3 import where
from environments.bi import bi
from environments.bi.service import BiService
from environments.errors import LabsError
from environments.stack.dbt_project import look
from environments.stack.warehouses import VARIED_HOUSEHOLDS, WarehouseService, own_built
from environments.workspace import GRADED, Workspace

COUNTRIES = ("CA", "MX", "US")
DAY = 24 * 60 * 60


def test_the_tool_does_not_start_while_a_notebook_is_graded(monkeypatch):
    monkeypatch.setenv(GRADED, "1")
    with pytest.raises(LabsError, match="Superset does not run while a notebook is graded.\nNo point depends on it."):
        bi()


@pytest.mark.parametrize(("roles", "due"), [
    ({7}, "((c = 'US') or (1 = 0))"), ({7, 8}, "((c = 'US') or (c = 'CA') or (1 = 0))"), ({1}, "true"),
    ({9}, "((1 = 0))"), ({1, 10}, "((x > 1))")], ids=str)
def test_rules_of_one_group_are_joined_by_or_and_groups_by_and(roles, due):
    rules = [{"filter_type": "Regular", "roles": [7], "group_key": "g", "clause": "c = 'US'"},
             {"filter_type": "Regular", "roles": [8], "group_key": "g", "clause": "c = 'CA'"},
             {"filter_type": "Base", "roles": [1], "group_key": "g", "clause": "1 = 0"},
             {"filter_type": "Regular", "roles": [10], "clause": "x > 1"}]
    assert where(rules, roles) == due


@pytest.mark.slow
def test_a_notebook_that_is_graded_gets_a_warehouse_that_is_there_already(folder, monkeypatch, shared_templates):
    monkeypatch.setenv(GRADED, "1")
    workspace = Workspace(folder / "workspace")
    assert (look(own_built(workspace), "select count(*) from marts.dim_customers"), WarehouseService(workspace).status()
            ) == ([(VARIED_HOUSEHOLDS,)], [])


@pytest.fixture
def tool(folder, monkeypatch):
    """Superset with one dataset of three countries; its id."""
    monkeypatch.setenv("LABS_HOME", str(folder / "workspace"))
    public = folder / "public.duckdb"
    with duckdb.connect(str(public)) as con:
        con.execute("create schema marts")
        con.execute("create table marts.mrr as select unnest(?) as country", [list(COUNTRIES)])
    tool = bi()
    try:
        database = tool.ask("POST", "/database/", {
            "database_name": "marts", "sqlalchemy_uri": f"duckdb:///{public}?access_mode=read_only"})["id"]
        dataset = tool.ask("POST", "/dataset/", {"database": database, "schema": "marts", "table_name": "mrr"})["id"]
        yield tool, database, dataset
    finally:
        BiService(Workspace.here()).reset()


def shown(tool, dataset: int) -> dict:
    return tool.ask("POST", "/chart/data", {
        "datasource": {"id": dataset, "type": "table"}, "force": True, "result_format": "json", "result_type": "full",
        "queries": [{"columns": ["country"], "metrics": [], "row_limit": 100}]})["result"][0]


@pytest.mark.slow
@pytest.mark.exhaustive
def test_superset_joins_rules_and_keeps_results_as_the_checks_of_lab_6_say(tool):
    tool, database, dataset = tool
    roles = {name: tool.ask("POST", "/security/roles/", {"name": name})["id"]
             for name in ("viewer", "us", "ca", "other", "free")}
    may = [right["id"] for page in range(9) for right in tool.ask(
        "GET", "/security/permissions-resources/", q=f"(page:{page},page_size:100)")["result"]
        if (right["permission"]["name"], right["view_menu"]["name"]) == ("can_read", "Chart")
        or right["permission"]["name"] == "datasource_access"]
    tool.ask("POST", f"/security/roles/{roles['viewer']}/permissions", {"permission_view_menu_ids": may})
    rules = [{"name": name, "filter_type": kind, "tables": [dataset], "roles": [roles[role]], "group_key": key,
              "clause": clause} for name, kind, role, key, clause in (
                  ("a", "Regular", "us", "g", "country = 'US'"), ("b", "Regular", "ca", "g", "country = 'CA'"),
                  ("c", "Regular", "other", None, "country <> 'US'"), ("d", "Base", "free", "g", "1 = 0"))]
    for rule in rules:
        tool.ask("POST", "/rowlevelsecurity/", rule)
    seen, due = {}, {}
    for number, names in enumerate((("us",), ("us", "ca"), ("us", "ca", "other"), ("other",), (), ("free",),
                                    ("free", "other"))):
        mine = [roles["viewer"], *(roles[name] for name in names)]
        tool.ask("POST", "/security/users/", {
            "username": f"u{number}", "first_name": "U", "last_name": "U", "email": f"u{number}@teaspoon.example",
            "password": "tea for two", "active": True, "roles": mine})
        answer = shown(tool.as_user(f"u{number}", "tea for two"), dataset)
        seen[names] = sorted(row["country"] for row in answer["data"])
        due[names] = sorted(country for country, in duckdb.sql(
            f"select country from (select unnest({list(COUNTRIES)}) as country) "
            f"where {where(rules, set(mine))}").fetchall())
    assert seen == due

    kept = {}
    for of_dataset, of_database in ((None, None), (None, 0), (None, 50), (0, 50), (40, 50), (-1, 50), (None, -1)):
        tool.ask("PUT", f"/database/{database}", {"cache_timeout": of_database})
        tool.ask("PUT", f"/dataset/{dataset}", {"cache_timeout": of_dataset})
        kept[of_dataset, of_database] = shown(tool, dataset)["cache_timeout"]
    assert kept == {(None, None): DAY, (None, 0): DAY, (None, 50): 50, (0, 50): DAY, (40, 50): 40, (-1, 50): -1,
                    (None, -1): -1}
