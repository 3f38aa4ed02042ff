"""Mutants of reference answers, and what `labs prove --mutants` makes of those that nobody noticed."""

import ast
import json
import re
import subprocess
import sys

import pytest

from autograders.grading.assignments import assignment
from autograders.grading.model import Assignment
from autograders.mutants import mutants
from autograders.sql_mutants import sql_mutants
from autograders.survivors import LISTED, survivors
from environments.errors import LabsError

ANSWER = '''
def due(days, rate=0.1, names=()):
    """Text of the contract, 5 days."""
    total = 0
    for day in days:
        if day is None or day < 3:
            continue
        total += rate * day
    return min(total, 7) if names else total
'''
CHANGES = [
    "`day < 3` -> `day <= 3`",
    "`day < 3` -> `day >= 3`",
    "`0.1` -> `0.0`",
    "`rate * day` -> `rate / day`",
    "`7` -> `8`",
    "`day is None or day < 3` -> `day is None and day < 3`",
    "`day is None or day < 3` -> `day < 3`",
    "`continue` -> `break`",
    "`min(total, 7)` -> `max(total, 7)`",
    "`min(total, 7)` -> `total`",
    "`min(total, 7) if names else total` -> `total`",
    "`total += rate * day` -> `nothing`",
    "`total += rate * day` -> `total = rate * day`",
    "-> `return None`",
]
QUERY = ("select coalesce(sum(a), 0) from t left join u on t.k = u.k where t.a >= 3 and u.k is null "
         "group by t.k order by 1 desc limit 5")
SQL = [
    "JOIN u", "t.a > 3", "COALESCE(SUM(a), 1)", "SELECT SUM(a)", "WHERE t.a >= 3 GROUP", "WHERE u.k IS NULL GROUP",
    "ORDER BY 1 ASC", "LIMIT 6", "t.k <> u.k",
]


def changes(answer: str) -> list[str]:
    return [mutant.change for mutant in mutants(answer)]


@pytest.mark.parametrize("change", CHANGES)
def test_an_answer_is_mutated_as_people_err(change):
    assert any(change in made for made in changes(ANSWER))


def test_a_docstring_is_never_mutated():
    assert all("Text of the contract, 5 days." in mutant.text for mutant in mutants(ANSWER))


def test_each_mutant_differs_from_the_answer_and_from_all_others():
    texts = [mutant.text for mutant in mutants(ANSWER)]
    assert len({ast.unparse(ast.parse(ANSWER)), *texts}) == len(texts) + 1


def swapped(first: str, second: str) -> bool:
    """Whether there is a mutant with these two lines of a function the other way round."""
    answer = f"def f(a, b):\n    {first}\n    {second}\n    return x, y"
    wanted = ast.unparse(ast.parse(f"def f(a, b):\n    {second}\n    {first}\n    return x, y"))
    return wanted in [mutant.text for mutant in mutants(answer)]


@pytest.mark.parametrize(
    ("first", "second"),
    [("x = a", "y = x"), ("x = a", "x = b"), ("x = a()", "y = b()"), ("x += a()", "y = b.get(1)"),
     ("a[0] = 1", "x = b"), ("a.append(1)", "y = 2"), ("x = y = y()", "def y(): return 3"),
     ("def x(n=a): return n", "a = 2"), ("import x", "y = x")],
)
def test_statements_whose_order_may_matter_are_swapped(first, second):
    assert swapped(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [("x = a", "y = b"), ("x = a()", "y = b"), ("x += len(a)", "y = b()"), ("x, z = a, b", "y = max(a, b)"),
     ("x = a()", "def y(): return x"), ("import x", "y = a")],
)
def test_statements_that_have_nothing_to_do_with_each_other_are_not_swapped(first, second):
    assert not swapped(first, second)


@pytest.mark.parametrize("part", SQL)
def test_a_query_is_mutated_as_people_err(part):
    assert any(part in made for made in sql_mutants(QUERY))


def test_a_query_in_an_answer_is_mutated():
    assert any("COUNT(*) FROM t`" in mutant.is_now or "FROM t'" in mutant.is_now
               for mutant in mutants("def n(c):\n    return c.execute('select count(*) from t where a > 1')"))


@pytest.mark.parametrize("text", ["", "select what is best for you, and why", "Selected: 5", "select (((", "a number"])
def test_a_text_that_is_no_query_is_left(text):
    assert list(sql_mutants(text)) == []


MODEL = """{{ config(materialized='incremental', unique_key='id') }}
with lines as (select id, {{ company_date('seen', 'month') }} as month, (a - b) / 12 as cents,
    {%- for name in names %} {{ name }}, {%- endfor %} seen from {{ ref('raw_lines') }})
select * from lines
{% if is_incremental() %}
where seen >= (select max(seen) from {{ this }}) and kind in ('a', 'b') and seen < now() - interval '28 days'
{% endif %}
"""
MACRO = "{% macro dollars(cents) -%} ({{ cents }}) * 0.01 {%- endmacro %}"
YAML = """
models:
  - name: fct_mrr
    config: {contract: {enforced: true}}
    columns: [{name: month}, {name: cents, at_least: 3}]
"""


def of_text(text: str) -> list[str]:
    """The mutants of an answer that returns this text, each as the text that it returns."""
    answers = [mutant.text for mutant in mutants(f"def answer():\n    return {text!r}")]
    return [text for made in answers if type(text := ast.literal_eval(ast.parse(made).body[0].body[-1].value)) is str]


@pytest.mark.parametrize("part", [
    "{{ config(materialized='incremental') }}", "{{ company_date('month', 'seen') }} as month", "a - b / 12", "(a + b)",
    "WHERE seen > (", "kind IN ('a')", "kind IN ('b')", "MIN(seen)", "{%- endfor %} seen FROM {{",
    "INTERVAL '27' DAYS", "INTERVAL '29' DAYS",
])
def test_a_dbt_model_is_mutated_in_its_sql_and_in_what_its_jinja_is_given(part):
    assert any(part in made for made in of_text(MODEL))


def test_every_mutant_of_a_dbt_model_keeps_its_statements_of_jinja_in_their_order():
    statements = re.findall(r"{%.*?%}", MODEL)
    assert [made for made in of_text(MODEL) if re.findall(r"{%.*?%}", made) != statements] == []


def test_a_condition_in_jinja_stays_where_its_sql_is_left_out():
    assert any(re.search(r"{% if is_incremental\(\) %}\s*{% endif %}", made) for made in of_text(MODEL))


def test_sql_whose_jinja_would_move_is_left():
    assert of_text("select a,\n{% if b %}\nb,\n{% endif %}\nfrom t") == []


def test_a_macro_loses_its_parentheses():
    assert "{% macro dollars(cents) -%} {{ cents }} * 0.01 {%- endmacro %}" in of_text(MACRO)


@pytest.mark.parametrize("part", ["enforced: false", "at_least: 4", "at_least: 2", "contract: {}", "config: {}"])
def test_yaml_is_mutated_as_people_err(part):
    assert any(part in made for made in of_text(YAML))


def test_yaml_in_one_line_stays_in_one_line():
    assert "warn_after: {count: 9}" in of_text("warn_after: {count: 8}")


def test_a_docstring_that_reads_as_yaml_is_never_mutated():
    answer = "def a():\n    'rows: [1, 2]'\n    return 3"
    assert all("rows: [1, 2]" in mutant.text for mutant in mutants(answer))


@pytest.mark.parametrize("text", ["a: b", "a number", "{{ not jinja", "key: [1, 2", "- 1\n- 2"])
def test_a_text_that_no_tool_reads_is_left(text):
    assert of_text(text) == []


@pytest.fixture(scope="module")
def home_of_00(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


def of_00(home) -> Assignment:
    lab = assignment("00")
    return Assignment(lab.name, lab.source, home)


def quiet(line: str) -> None:
    pass


@pytest.mark.slow
def test_no_mutant_of_the_start_page_survives_unlisted(sandbox):
    assert survivors(assignment("00"), None, quiet).holds


@pytest.mark.slow
def test_a_listed_mutant_that_is_killed_is_stale(sandbox, home_of_00):
    killed = "dollars 3: `100` -> `101`"
    (home_of_00 / LISTED).write_text(f'[[equivalent]]\nmutant = "{killed}"\nbecause = "none"\n')
    assert survivors(of_00(home_of_00), None, quiet).stale == [killed]


@pytest.mark.parametrize("content", ["[[equivalent]]\nmutant = 'a'", "equivalent = 3", "no toml"])
def test_a_list_that_cannot_be_read_says_what_it_needs(tmp_path, content):
    (tmp_path / LISTED).write_text(content)
    with pytest.raises(LabsError, match="Each .*equivalent.* has a `mutant` and a `because`"):
        survivors(of_00(tmp_path), None, quiet)


def test_an_unknown_cell_is_named_with_those_there_are():
    with pytest.raises(LabsError, match="lab 00 has no graded answer dolars. There are: dollars."):
        survivors(assignment("00"), None, quiet, only=frozenset({"dolars"}))


def test_an_answer_that_another_one_uses_has_mutants_too():
    with pytest.raises(LabsError, match="There are: .*analyst_login, .*create_analyst"):
        survivors(assignment("03"), None, quiet, only=frozenset({"none"}))


def test_cell_alone_is_refused():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from autograders.cli import main; main()",
            "prove",
            "00",
            "--cell",
            "dollars",
            "--json",
        ],
        capture_output=True,
        text=True,
    )
    assert "--cell is for --mutants" in json.loads(done.stdout)["error"]
