"""The contract of the marts, marts.odcs.yaml, in the form of the Open Data Contract Standard: against the standard, the
models' YAML, and the warehouse as it is built."""

import copy
import json
from collections.abc import Callable
from importlib.resources import files

import duckdb
import jsonschema_rs
import pytest
import yaml

from environments.stack.dbt_project import REFERENCE
from environments.stack.warehouses import VARIED, practice

MODELS = yaml.safe_load((REFERENCE / "models/marts/_marts__models.yml").read_text())["models"]
LOGICAL = {"bigint": "integer", "varchar": "string", "timestamp with time zone": "timestamp", "date": "date",
           "boolean": "boolean"}


def contract() -> dict:
    return yaml.safe_load((REFERENCE / "contracts/marts.odcs.yaml").read_text())


def promised(table: dict) -> dict[str, tuple]:
    """What the contract says of each column of a table."""
    return {each["name"]: (each["description"], each["logicalType"], each["physicalType"], each.get("required", False),
                           each.get("unique", False), _values(each)) for each in table["properties"]}


def declared(model: dict) -> dict[str, tuple]:
    """The same from the model's YAML."""
    return {each["name"]: (each["description"], LOGICAL[each["data_type"]], each["data_type"],
                           {"type": "not_null"} in each.get("constraints", []), "unique" in each.get("data_tests", []),
                           _accepted(each.get("data_tests", []))) for each in model["columns"]}


def _values(column: dict) -> list | None:
    return [each["value"] for each in column["enum"]] if "enum" in column else None


def _accepted(tests: list) -> list | None:
    return next((test["accepted_values"]["arguments"]["values"] for test in tests if "accepted_values" in test), None)


def key(table: dict) -> list[str]:
    """The columns that name a row."""
    columns = [each for each in table["properties"] if each.get("primaryKey")]
    return [each["name"] for each in sorted(columns, key=lambda each: each["primaryKeyPosition"])]


def broken(contract: dict, ask: Callable[..., list[tuple]]) -> list[str]:
    """What a warehouse does not keep of it."""
    return [fault for table in contract["schema"] for fault in (*_form(table, ask), *_rows(table, ask))]


def _form(table: dict, ask) -> list[str]:
    name = table["name"]
    there = dict(ask("select column_name, (lower(data_type), is_nullable = 'NO') from information_schema.columns "
                     "where table_schema = 'marts' and table_name = ? order by ordinal_position", name))
    due = {each["name"]: (each["physicalType"], each.get("required", False)) for each in table["properties"]}
    if list(there) != list(due):
        return [f"{name} has other columns"]
    return [f"{name}.{column} is of another form" for column in due if due[column] != there[column]]


def _rows(table: dict, ask) -> list[str]:
    name, found = table["name"], []
    alone = [[each["name"]] for each in table["properties"] if each.get("unique")]
    for columns in (*alone, key(table)):
        listed, there = ", ".join(columns), " and ".join(f"{column} is not null" for column in columns)
        if ask(f"select 1 from marts.{name} where {there} group by {listed} having count(*) > 1 limit 1"):
            found.append(f"{name} has a copy of {listed}")
    for each in table["properties"]:
        listed = ", ".join(f"'{value}'" for value in _values(each) or [])
        if listed and ask(f"select 1 from marts.{name} where {each['name']} not in ({listed}) limit 1"):
            found.append(f"{name}.{each['name']} has another value")
    return found


@pytest.fixture(scope="module")
def ask(shared_templates):
    """The warehouse of an unseen world, as the reference builds it."""
    with practice(VARIED, built=True) as project, duckdb.connect(str(project.warehouse), read_only=True) as con:
        yield lambda sql, *values: con.execute(sql, values).fetchall()


def test_the_contract_has_the_form_of_the_standard():
    schema = json.loads(files("open_data_contract_standard").joinpath("schema.json").read_text())
    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(contract())] == []


def test_the_contract_says_of_each_column_what_the_models_yaml_says():
    assert {table["name"]: promised(table) for table in contract()["schema"]} == {
        model["name"]: declared(model) for model in MODELS}


def test_the_contract_says_of_each_mart_what_the_models_yaml_says():
    said = {table["name"]: f"{table['description']} {table['dataGranularityDescription']}." for table in
            contract()["schema"]}
    assert said == {model["name"]: " ".join(model["description"].split()) for model in MODELS}


@pytest.mark.slow
def test_the_warehouse_keeps_the_contract(ask):
    assert broken(contract(), ask) == []


@pytest.mark.slow
@pytest.mark.parametrize(("change", "found"), [
    (lambda column: column.update(physicalType="integer"), ["dim_customers.crm_contacts is of another form"]),
    (lambda column: column.pop("required"), ["dim_customers.crm_contacts is of another form"]),
    (lambda column: column.update(name="contacts"), ["dim_customers has other columns"]),
    (lambda column: column.update(unique=True), ["dim_customers has a copy of crm_contacts"]),
    (lambda column: column.update(enum=[{"value": "-1"}]), ["dim_customers.crm_contacts has another value"]),
])
def test_a_contract_that_the_warehouse_does_not_keep_is_found(ask, change, found):
    wrong = copy.deepcopy(contract())
    change(wrong["schema"][0]["properties"][-1])
    assert broken(wrong, ask) == found
