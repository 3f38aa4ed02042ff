"""Checks of Lab 6, part 3: what a viewer may do, and which rows a viewer sees."""

from itertools import combinations
from pathlib import Path
from typing import Any

from autograders.checks.lab_06.marts import marts, rows, text
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction

__all__ = ["a_missing_right_is_told", "nobody_sees_by_default", "regions_add_up", "viewers_get_what_they_need"]

READS = [("can_read", "Chart"), ("can_read", "Dashboard"), ("can_read", "CurrentUserRestApi"),
         ("can_write", "DashboardFilterStateRestApi"), ("can_dashboard", "Superset")]
OTHERS = [("can_write", "Chart"), ("can_read", "Database"), ("can_read", "SavedQuery"), ("can_export", "Dashboard"),
          ("can_sqllab", "Superset"), ("can_read", "Chart Theme"), ("can_read", "chart"),
          ("all_datasource_access", "all_datasource_access"), ("database_access", "[marts].(id:1)"),
          ("schema_access", "[marts].[marts]"), ("menu_access", "Dashboard"), ("can_read", "Log")]
MAY = "compare permission and view_menu whole; of a dataset, view_menu.endswith(f\"(id:{id})\")"


def _listed(pairs: list[tuple[str, str]]) -> tuple[list[dict], dict[tuple[str, str], int]]:
    """Permissions as Superset lists them, in no order, and the id of each."""
    ids = dict(zip(pairs, draw.sample(range(1, 900), len(pairs)), strict=True))
    told = [{"id": id, "permission": {"name": may}, "view_menu": {"name": of}} for (may, of), id in ids.items()]
    draw.shuffle(told)
    return told, ids


def _datasets(wanted: int) -> list[tuple[str, str]]:
    """Datasets of which one is wanted: another's number ends or begins with the same digits, or is in its name. And a
    database with the same number."""
    names = {wanted: "fct_mrr", wanted * 10 + 1: "fct_mrr", 100 + wanted: "dim_customers",
             1000: f"copy (id:{wanted})", 1001: f"odd [marts].[x](id:{wanted}) y"}
    return [("database_access", f"[other].(id:{wanted})"),
            *(("datasource_access", f"[marts].[{name}](id:{id})") for id, name in names.items())]


@repeatable
def viewers_get_what_they_need(function) -> None:
    """Of many permissions those of the pairs and of the datasets; names that resemble these."""
    asked = CheckedFunction(function, look=MAY)
    for count in (1, 2, 0):
        wanted = [draw.randint(2, 4), draw.randint(5, 9)][:count]
        more = [pair for id in wanted or [7] for pair in _datasets(id)]
        told, ids = _listed([*READS, *OTHERS, *dict.fromkeys(more)])
        due = sorted([*(ids[pair] for pair in READS),
                      *(id for (may, of), id in ids.items() if may == "datasource_access"
                        and any(of.endswith(f"(id:{each})") for each in wanted))])
        got = asked.items(told, list(READS), wanted, when=f"with {count} of many datasets")
        asked.expect(all(type(id) is int for id in got), "a list of ids")
        names = {id: " ".join(pair) for pair, id in ids.items()}
        asked.expect(not set(got) - set(due), "nothing else for a viewer",
                     got=f"gives {[names.get(id, id) for id in got if id not in due][:3]}")
        asked.expect(not set(due) - set(got), "each pair of `reads`, and each dataset",
                     got=f"leaves out {[names[id] for id in due if id not in got][:3]}")
        asked.expect(got == due, "the ids sorted, once each")


@repeatable
def a_missing_right_is_told(function) -> None:
    """As after the first of three pages: a pair or a dataset is not in the list."""
    asked = CheckedFunction(function, look="what is not in the list would be missing in silence: count, and raise")
    wanted = draw.randint(2, 9)
    this = "datasource_access", f"[marts].[fct_mrr](id:{wanted})"
    that = "datasource_access", f"[marts].[fct_activation_funnel](id:{wanted + 21})"
    whole = [*READS, *OTHERS, this, that, ("datasource_access", "[marts].[dim_customers](id:50)")]
    gone = draw.choice(READS)
    for when, left_out, datasets in (
        (f"without {gone[1]}", gone, [wanted]), ("without the dataset", this, [wanted]),
        ("without the first of two datasets", this, [wanted, wanted + 21]),
        ("without the second of two datasets", that, [wanted, wanted + 21]),
    ):
        told, _ = _listed([pair for pair in whole if pair != left_out])
        ended = asked.ended(told, list(READS), datasets, when=when)
        asked.expect(isinstance(ended.error, LookupError), "LookupError")


# Rows

FREE = 1
COUNTRIES = ("US", "CA", "Côte d'Ivoire", "MX", "us", "USA", "U_")
TABLES = {"marts.mrr": ("country varchar, mrr bigint", [(country, 1) for country in (*COUNTRIES, None)])}


def _rules(asked: CheckedFunction, regions: dict[int, list[str]], free: list[int],
           when: str) -> dict[int, list[dict]]:
    """The rules for each dataset of `tables`."""
    tables = draw.sample(range(1, 90), 2)
    rules = [dict(rule) for rule in asked.items(regions, tables, free, when=when) if isinstance(rule, dict)]
    names = [rule.get("name") for rule in rules]
    asked.expect(all(type(name) is str and name for name in names) and len(set(names)) == len(names),
                 "a name of its own for each rule", got=f"names are {str(names)[:120]}")
    for rule in rules:
        asked.expect(rule.get("filter_type") in ("Regular", "Base"), "filter_type Regular or Base", got=str(rule)[:160])
        asked.expect(set(_ids(rule.get("tables")) or [-1]) <= set(tables), "each rule for datasets of `tables`",
                     got=str(rule)[:160])
        asked.expect(_ids(rule.get("roles")) is not None, "a list of role ids", got=str(rule)[:160])
        text(asked, rule.get("clause"))
    return {table: [rule for rule in rules if table in rule["tables"]] for table in tables}


def _ids(value: Any) -> list[int] | None:
    return sorted(value) if isinstance(value, (list, tuple)) and all(type(each) is int for each in value) else None


def where(rules: list[dict], roles: set[int]) -> str:
    """What Superset 6.1 adds to a query of who has these roles: its get_rls_filters and get_sqla_row_level_filters,
    read 2026-11-30. A rule is Regular, for who has one of its roles, or Base, for who has none of them. Clauses with
    the same group_key are joined by OR, groups by AND; a clause without one is a group of its own."""
    groups: dict[object, list[str]] = {}
    for place, rule in enumerate(rules):
        has = bool(roles & set(rule["roles"]))
        if has == (rule["filter_type"] == "Regular"):
            groups.setdefault(rule.get("group_key") or place, []).append(f"({rule['clause']})")
    return " and ".join(f"({' or '.join(clauses)})" for clauses in groups.values()) or "true"


def _expect_seen(asked: CheckedFunction, path: Path, rules: dict[int, list[dict]], roles: set[int], due: list,
                 words: str) -> None:
    """Who has these roles sees this in each dataset: rules may be one for all of them, or one for each."""
    for held in rules.values():
        asked.got = "was asked"
        found = rows(asked, path, f"select country from marts.mrr where {where(held, roles)}")
        seen = sorted((row[0] for row in found), key=str)
        asked.expect(seen == due, words, got=f"shows {seen}")


ADD_UP = "one Regular rule for each role; the same group_key joins them by OR; a quote in SQL is doubled"


@repeatable
def regions_add_up(function) -> None:
    """Roles with one country or several, two with the same, a quote in a name, and users with two roles or three."""
    asked = CheckedFunction(function, look=ADD_UP)
    ids = draw.sample(range(7, 60), 4)
    regions = dict(zip(ids, (["US"], ["CA", "MX"], ["Côte d'Ivoire", "U_"], ["US"]), strict=True))
    rules = _rules(asked, regions, [FREE], "with four regions")
    viewer = max(ids) + 1
    with marts(TABLES) as path:
        for roles in (some for count in (1, 2, 3) for some in combinations(ids, count)):
            due = sorted({country for role in roles for country in regions[role]})
            told = f"a user with {'the role' if len(roles) == 1 else 'the roles'} of {', '.join(due)}"
            asked.when, asked.call = told, f"region_rules(regions, tables, free) for {told}"
            _expect_seen(asked, path, rules, {*roles, viewer}, due, "the rows of these countries and no other")


@repeatable
def nobody_sees_by_default(function) -> None:
    """Who has no region, who is free, and a tool without regions."""
    asked = CheckedFunction(function, look="a Base rule holds for all but its roles, and 1 = 0 is true for no row")
    ids = draw.sample(range(7, 60), 2)
    for when, regions in (("two regions", {ids[0]: ["US"], ids[1]: ["CA"]}), ("no region", {})):
        free = [FREE, 3]
        rules = _rules(asked, regions, free, f"with {when}")
        every = sorted((*COUNTRIES, None), key=str)
        with marts(TABLES) as path:
            for told, roles, due in (("a user without a region", {max(ids) + 1}, []),
                                     ("a user without roles", set(), []),
                                     ("a user with a free role", {FREE}, every),
                                     ("a user with the other free role", {3, max(ids) + 1}, every)):
                asked.when, asked.call = f"{told}, {when}", f"region_rules(regions, tables, free) for {told}, {when}"
                _expect_seen(asked, path, rules, roles, due, "every row" if due else "no row")
