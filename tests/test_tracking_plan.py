"""A tracking plan as a file: what is read, what is refused, and each rule by the examples of its page."""

import re
from pathlib import Path

import pytest

from environments.errors import LabsError
from environments.place import COURSE
from environments.tracking import NotAPlan, plan_of, problems, read
from environments.tracking.rules import RULES
from environments.tracking.words import CASES, in_case, words, written
from environments.tracking.yaml_text import MAX_BYTES, BadYaml, documents, scalar

PAGES = sorted((COURSE / "docs/tracking_plan").glob("TP*.md"))
SMALL = "name: shop\nversion: 1-0-0\nevents:\n"


def said(text: str | bytes, code: str = "") -> list[str]:
    """What is said of a plan's text, by all rules or by one."""
    try:
        return [str(each) for each in problems(plan_of(text), {code} if code else ())]
    except NotAPlan as e:
        return [str(each) for each in e.diagnostics]


def blocks(page: Path, heading: str, language: str) -> list[str]:
    """The fenced blocks of one section of a page."""
    section = page.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", section)


VALID = [(page.stem, text) for page in PAGES for text in blocks(page, "Valid", "yaml")]
INVALID = [(page.stem, text, due) for page in PAGES
           for text, due in zip(blocks(page, "Invalid", "yaml"), blocks(page, "Invalid", "text"), strict=True)]


# The pages

@pytest.mark.parametrize("code, text", VALID, ids=[code for code, _ in VALID])
def test_the_valid_example_of_a_page_keeps_its_rule(code, text):
    assert said(text, code) == []


@pytest.mark.parametrize("code, text, due", INVALID, ids=[code for code, *_ in INVALID])
def test_the_invalid_example_of_a_page_says_what_the_page_says(code, text, due):
    assert said(text, code) == due.splitlines()


def test_every_rule_has_a_page_with_both_kinds_of_examples():
    assert {code for code, _ in VALID} & {code for code, *_ in INVALID} == {*RULES, "TP000", "TP001"}


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem in RULES], ids=lambda page: page.stem)
def test_a_page_begins_with_what_the_rule_asks_for_and_how_severe_it_is(page):
    rule = RULES[page.stem]
    assert page.read_text().startswith(f"# {rule.code}: {rule.asks}\n\nSeverity: {rule.severity}\n")


def test_the_list_of_rules_is_the_rules():
    rows = re.findall(r"(?m)^\| \[(TP\d+)\]\(TP\d+\.md\) \| (\w+) \| (.+) \|$",
                      (COURSE / "docs/tracking_plan/README.md").read_text())
    assert rows[2:] == [(code, rule.severity, rule.asks) for code, rule in sorted(RULES.items())]


def test_the_example_of_the_readme_breaks_no_rule():
    text = re.findall(r"(?ms)^```yaml\n(name: .*?)^```$", (COURSE / "docs/tracking_plan/README.md").read_text())
    assert [said(each) for each in text] == [[]]


# Reading

def test_plain_words_mean_what_yaml_1_2_says():
    plain = ("no", "2026-07-01", "1_000", "017", "1e3", ".5", "~", "true", "9" * 40, "1e999")
    assert [scalar(word) for word in plain] == [
        "no", "2026-07-01", "1_000", 17, 1000.0, 0.5, None, True, "9" * 40, "1e999"]


def test_a_value_in_quotes_is_text():
    assert documents(b'a: "12"')[0].data == {"a": "12"}


def test_each_value_knows_its_line():
    assert documents(b"a:\n  b~/c:\n    - 1\n    - 2\n")[0].lines == {
        "": 1, "/a": 1, "/a/b~0~1c": 2, "/a/b~0~1c/0": 3, "/a/b~0~1c/1": 4}


BOMB = "a0: &a0 [1]\n" + "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(9))


@pytest.mark.parametrize("content, due", [
    (BOMB, "an alias or anchor"),
    (b"[" * 500_000, "more than 24 levels"),
    (b"{a: " * 100_000, "more than 24 levels"),
    (b"[" + b"1," * 200_000 + b"]", "more than 24 levels or 50,000 values"),
    (b"a" * (MAX_BYTES + 1), "more than 1,048,576"),
    (b"\xff\xfe\x00", "not UTF-8"),
    ("a: \x00", "a character that YAML does not allow"),
    ("? [1, 2]\n: 3", "a key that is not text"),
    ("a: !!python/object/apply:os.system [id]", "a tag"),
    ("<<: {a: 1}\n<<: {b: 2}", "this key is on line 1 already"),
    ("a: 1\n---\nb: 2", "a document too many"),
    ("a: [1", "this is not YAML"),
    ("", "the file is empty"),
    ("# nothing", "the file is empty"),
    ("\ud800", "not UTF-8"),
], ids=range(15))
def test_hostile_yaml_is_one_clear_error(content, due):
    found = said(content)
    assert len(found) == 1 and due in found[0]


@pytest.mark.parametrize("value", ["5", "[1]", "text", "null", "true", "{name: 5}",
                                   "{name: a, version: 1-0-0, events: [1]}",
                                   "{name: a, version: 1-0-0, events: {A: {properties: {x: {items: {items: 4}}}}}}",
                                   "{name: a, version: 1-0-0, events: {A: {trigger: {where: [1]}}}}",
                                   "{name: a, version: 1-0-0, events: {'': {}}}"])
def test_what_has_another_form_is_said_with_its_place(value):
    assert all(re.match(r"plan.yaml:\d+: error TP001", line) for line in said(value)) and said(value)


@pytest.mark.parametrize("text, due", [
    ("".join(f"  e{n}: {{}}\n" for n in range(2001)), "/events: more than 2,000 keys."),
    (f"  A: {{answers: [{', '.join(['a'] * 101)}]}}\n", "/events/A/answers: more than 100 items."),
    (f"  A: {{owner: {'a' * 2001}}}\n", "/events/A/owner: more than 2,000 characters.")], ids=["keys", "items", "text"])
def test_what_is_too_much_is_said_without_repeating_it(text, due):
    assert [line.split("TP001 ")[1].split(" Split")[0] for line in said(SMALL + text)] == [due]


def test_of_many_misspelt_keys_the_first_are_said():
    assert len(said(SMALL + "  A:\n" + "".join(f"    wrong{n}: 1\n" for n in range(2000)))) == 50


def test_a_pattern_that_would_run_for_ever_is_done_at_once():
    convention = "convention: {events: {pattern: '^(a|a)*$'}, properties: {case: snake_case}}\n"
    text = f"{SMALL}  {'a' * 60}!: {{}}\n{convention}"
    assert any("does not match the convention's pattern" in line for line in said(text, "TP101"))


@pytest.mark.parametrize("pattern", ["(a{1000}){1000}", "((((a{30}){30}){30}){30}){30}", "(" * 200,
                                     "\\p{L}{1000}{1000}"])
def test_a_pattern_that_would_grow_without_end_is_refused(pattern):
    text = f"{SMALL}  A: {{properties: {{x: {{pattern: '{pattern}'}}}}}}\n"
    assert [line.split(":")[2] for line in said(text, "TP307")] == [" error TP307 /events/A/properties/x/pattern"]


def test_a_file_that_is_not_there_is_a_message_with_the_next_action(tmp_path):
    with pytest.raises(LabsError, match="cannot be read: No such file.*\n?.*Name a tracking plan's file"):
        read(tmp_path / "plan.yaml")


def test_a_plan_is_read_from_a_file(tmp_path):
    (tmp_path / "plan.yaml").write_text(SMALL + "  Order Placed: {answers: [revenue]}\n")
    assert read(tmp_path / "plan.yaml").events[0].answers == ("revenue",)


def test_bad_yaml_keeps_its_line():
    with pytest.raises(BadYaml) as bad:
        documents(b"a: 1\nb: 2\nc: *x\n")
    assert bad.value.line == 3


# Names

@pytest.mark.parametrize("name", ["Order Placed", "order_placed", "orderPlaced", "order-placed", "ORDER_PLACED"])
def test_the_words_of_a_name_are_the_same_in_every_case(name):
    assert words(name) == ["order", "placed"]


@pytest.mark.parametrize("case", CASES)
def test_a_name_written_in_a_case_is_in_it(case):
    assert in_case(written("Checkout_step 2 started", case), case)


@pytest.mark.parametrize("name, case", [
    ("Café Viewed", "Title Case"), ("PDF Opened", "Title Case"), ("订单 已付", "Title Case"),
    ("Order paid by SEPA", "Sentence case"), ("größe", "snake_case"), ("step_2", "snake_case"),
    ("заказ_оплачен", "snake_case"), ("ORDER_2", "UPPER_SNAKE")])
def test_a_name_of_another_language_can_keep_a_case(name, case):
    assert in_case(name, case)


@pytest.mark.parametrize("name, case", [
    ("Order placed", "Title Case"), ("order Placed", "Sentence case"), ("Order Placed", "Sentence case"),
    ("a__b", "snake_case"), ("aB", "snake_case"), ("2_a", "snake_case"), ("a b", "camelCase"),
    ("Order", "camelCase"), ("order", "PascalCase"),
    (" A", "Title Case"), ("", "snake_case"), ("a-b", "snake_case"), ("Order", "UPPER_SNAKE")])
def test_a_name_that_breaks_a_case_is_not_in_it(name, case):
    assert not in_case(name, case)


def test_accents_split_no_word():
    assert words("CaféViewed2Times") == ["café", "viewed", "2", "times"]
