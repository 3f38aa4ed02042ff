"""environments.flowcharts: what mermaid draws is what is read."""

import pytest
from mermaid.flowchart import FlowChart, Link, Node
from mermaid.graph import Graph

from environments import flowcharts
from environments.flowcharts import FlowchartError, read


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """Mermaid loaded once for all tests; a process of its own is what one test is about."""
    monkeypatch.setattr(flowcharts.forks, "_run", lambda function, argument, within: flowcharts.perform(argument))


def arrows(text: str) -> list[tuple[str, str]]:
    return [(arrow.start, arrow.end) for arrow in read(text).arrows]


@pytest.mark.parametrize("line, due", [
    ("a --> b", [("a", "b")]),
    ("a-->b-->c", [("a", "b"), ("b", "c")]),
    ("a & b --> c & d", [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]),
    ("a -- nightly --> b", [("a", "b")]),
    ("a -->|nightly| b", [("a", "b")]),
    ("a -.-> b", [("a", "b")]),
    ("a ==> b", [("a", "b")]),
    ("a -----> b", [("a", "b")]),
    ("a e1@--> b", [("a", "b")]),
    ("a <--> b", [("a", "b"), ("b", "a")]),
    ("a --- b", []),
    ("a --o b", []),
    ("a --x b", []),
    ("a ~~~ b", []),
    ("a:::one-->b:::two", [("a", "b")]),
    ("a[(Data)] --> b([Round]) --> c{{Six}} --> d[/Slanted/]", [("a", "b"), ("b", "c"), ("c", "d")]),
    ('a@{ shape: cyl, label: "Data" } --> b', [("a", "b")]),
    ("%% a --> b\n c --> d", [("c", "d")]),
    ("a --> b; b --> c", [("a", "b"), ("b", "c")]),
])
def test_every_form_of_an_arrow_is_read_as_it_is_drawn(line, due):
    assert arrows(f"flowchart LR\n {line}\n") == due


@pytest.mark.parametrize("head", ["flowchart LR", "graph TD", "flowchart", "---\ntitle: Now\n---\nflowchart RL",
                                  "%%{init: {'theme': 'dark'}}%%\nflowchart BT"])
def test_any_beginning_of_a_flowchart_will_do(head):
    assert arrows(f"{head}\n a --> b") == [("a", "b")]


@pytest.mark.parametrize("written, due", [
    ("a", "a"), ("a[Shop]", "Shop"), ('a["Shop (web)"]', "Shop (web)"), ('a["Shop<br/>web"]', "Shop web"),
    ('a["R&amp;D"]', "R&D"), ('a["`**Shop** web`"]', "**Shop** web"),
])
def test_a_label_is_what_is_read_in_the_picture(written, due):
    assert read(f"flowchart LR\n {written} --> z").nodes["a"].label == due


@pytest.mark.parametrize("text", [
    "a:::database --> b", "a --> b\n class a database", "a --> b\n class a,b database",
    "a --> b\n classDef database fill:#fff\n class a database", "subgraph g\n a\n end\n a --> b\n class g database",
])
def test_a_node_has_the_classes_that_are_declared_for_it(text):
    assert "a" in read(f"flowchart LR\n {text}").of_class("database")


GROUPS = """flowchart LR
  subgraph sources [All sources]
    subgraph ours
      app
    end
    stripe
  end
  sources --> load --> store
"""


def test_an_arrow_from_a_group_is_one_from_each_of_its_nodes():
    assert {id: after for id, after in read(GROUPS).next.items() if after} == {
        "app": {"load"}, "stripe": {"load"}, "load": {"store"}}


def test_a_group_is_no_node():
    assert set(read(GROUPS).nodes) == {"app", "stripe", "load", "store"}


def test_without_a_node_nothing_behind_it_is_reached():
    assert read(GROUPS).reached(["app"], without=["load"]) == {"app"}


def test_a_circle_of_arrows_is_walked_once():
    assert read("flowchart LR\n a --> b --> c --> a").reached(["b"]) == {"a", "b", "c"}


def test_names_that_mean_something_to_javascript_are_nodes():
    assert arrows("flowchart LR\n constructor --> __proto__ --> toString") == [
        ("constructor", "__proto__"), ("__proto__", "toString")]


@pytest.mark.parametrize("diagram", [
    Graph("now", "flowchart LR\n a --> b"),
    FlowChart("now", [one := Node("a", "One"), other := Node("b", "Other")], [Link(one, other)]),
])
def test_a_diagram_of_mermaid_py_is_read(diagram):
    assert [(arrow.start, arrow.end) for arrow in read(diagram).arrows] == [("a", "b")]


@pytest.mark.parametrize("diagram, said", [
    ("flowchart LR\n a --> ", "Parse error on line 3"),
    ("flowchart LR\n end --> b", "Parse error on line 2"),
    ("", "No diagram type detected"),
    ("sequenceDiagram\n a->>b: x", "kind 'sequence'"),
    ("flowchart LR\n" + "a --> b\n" * 2000, "at most 10,000"),
    (None, "not NoneType"),
])
def test_what_mermaid_does_not_draw_is_refused_in_its_words(diagram, said):
    with pytest.raises(FlowchartError, match=said):
        read(diagram)


def test_what_is_said_of_a_refusal_is_bounded():
    with pytest.raises(FlowchartError) as caught:
        read("flowchart LR\n a -->" + "[" * 9_000)

    assert len(str(caught.value)) < 1_000


@pytest.mark.slow
def test_a_text_is_read_in_a_process_of_its_own(monkeypatch):
    monkeypatch.undo()

    assert arrows("flowchart LR\n a --> b") == [("a", "b")]
    assert flowcharts.forks._server


@pytest.mark.slow
def test_the_picture_shows_what_was_read():
    picture = flowcharts.svg("flowchart LR\n a[Shop] --> b[Warehouse]")

    assert "Shop" in picture and "foreignObject" not in picture
