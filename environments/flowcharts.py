"""A mermaid flowchart as a graph, read by mermaid itself: whatever it draws is read, and nothing else.

    chart = read("flowchart LR; app[(Production)]:::database --> copy & events --> warehouse")
    chart.arrows         [Arrow("app", "copy", ""), Arrow("app", "events", ""), Arrow("copy", "warehouse", "") ...]
    chart.nodes["app"]   Node("app", "Production", classes=("database",))

A text is hostile: mermaid reads it in a process of its own, with bounds on size, memory and time. Mermaid is the one
that mermaidx brings, and needs neither a browser nor the network.
"""

import html
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from environments import forks
from environments.errors import LabsError, TookTooLong

LONGEST = 10_000  # characters: a page of boxes and arrows
SECONDS, MEMORY = 20, 256 << 20  # of one reading; twenty nodes take 10 ms, and it grows with their square
LONGEST_REFUSAL = 500  # characters: mermaid lists all it would have expected
LARGEST_GRAPH = 4 << 20  # bytes of what mermaid read
TAGS = re.compile(r"<[^>]*>")
# An end that is drawn with a head. A line without one (---) leads nowhere; an invisible link (~~~) only places nodes.
ARROWS, BOTH_WAYS = "arrow_point", "double_arrow_point"
LOOK = {"htmlLabels": False, "flowchart": {"htmlLabels": False},  # labels as text: HTML in SVG stays empty elsewhere
        "themeVariables": {"fontFamily": "DejaVu Sans, Verdana, sans-serif"}}


class FlowchartError(LabsError):
    """The text is no flowchart that mermaid draws; says what mermaid says."""


class Node(NamedTuple):
    """`label` is what is read in the picture, without markup; `classes` are mermaid's (`:::name`, `class a,b name`)."""

    id: str
    label: str
    classes: tuple[str, ...]


class Arrow(NamedTuple):
    """From the id of a node or group to that of another, as it is drawn, with what is written on it."""

    start: str
    end: str
    label: str


class Group(NamedTuple):
    """A subgraph: `members` are the ids of nodes and groups directly in it."""

    id: str
    label: str
    classes: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True)
class Flowchart:
    """What is drawn: nodes and groups by id, arrows in the order of the text, and lines that have no head."""

    nodes: Mapping[str, Node]
    arrows: tuple[Arrow, ...]
    lines: tuple[Arrow, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)

    def inside(self, id: str) -> set[str]:
        """The ids of the nodes that an arrow to `id` means: those in the group, at any depth, or the node itself."""
        return set(self._inside(id, set()))

    def _inside(self, id: str, seen: set[str]) -> Iterator[str]:
        if id in self.groups and id not in seen:
            for member in self.groups[id].members:
                yield from self._inside(member, seen | {id})
        elif id in self.nodes:
            yield id

    @cached_property
    def next(self) -> dict[str, set[str]]:
        """For each node the nodes that arrows lead to; an arrow at a group is one at each of its nodes."""
        after: dict[str, set[str]] = {id: set() for id in self.nodes}
        for arrow in self.arrows:
            for id in self.inside(arrow.start):
                after[id] |= self.inside(arrow.end)
        return after

    def reached(self, starts: Iterable[str], without: Iterable[str] = ()) -> set[str]:
        """The nodes that arrows lead to from `starts`, these among them, if the nodes `without` are taken away."""
        gone = set(without)
        reached, todo = set(), [id for id in starts if id in self.nodes and id not in gone]
        while todo:
            id = todo.pop()
            if id not in reached:
                reached.add(id)
                todo += self.next[id] - reached - gone
        return reached

    def of_class(self, *names: str) -> list[str]:
        """The ids of the nodes with any of these classes; a class of a group is one of each of its nodes."""
        by_group = {id for group in self.groups.values() if {*names} & {*group.classes} for id in self.inside(group.id)}
        return [id for id, node in self.nodes.items() if {*names} & {*node.classes} or id in by_group]


def read(diagram) -> Flowchart:
    """The flowchart in a mermaid text, or in an object of mermaid-py, which has it as `script`.

    FlowchartError where mermaid refuses it, where it is another kind of diagram, or larger than mermaid draws.
    """
    text = text_of(diagram)
    found = _parsed(text)
    if "refused" in found:
        said = _shortened(found["refused"].strip(), LONGEST_REFUSAL)
        raise FlowchartError(f"mermaid cannot read this diagram: {said}", "Correct what it names.")
    if not found["type"].startswith("flowchart"):
        raise FlowchartError(f"This is a diagram of the kind {found['type']!r}.", "Begin it with: flowchart LR")
    return _flowchart(found)


def text_of(diagram) -> str:
    """The mermaid text of a diagram: a text itself, or mermaid-py's Graph, Flowchart or Mermaid."""
    text = diagram if isinstance(diagram, str) else getattr(diagram, "script", None)
    text = getattr(diagram, "_script", text) if text is None else text
    if not isinstance(text, str):
        raise FlowchartError(f"A diagram is wanted, not {type(diagram).__name__}.", "Give the text of the diagram.")
    if len(text) > LONGEST:
        raise FlowchartError(f"This diagram has {len(text):,} characters; at most {LONGEST:,} are read.",
                             "Draw fewer things.")
    return text


def svg(diagram) -> str:
    """The picture of the diagram, drawn here: the same mermaid reads and draws. FlowchartError as from `read`."""
    import mermaidx  # only where a picture is wanted: half a second

    read(diagram)
    return mermaidx.render(text_of(diagram), config=LOOK).svg()


def _parsed(text: str) -> dict:
    with tempfile.TemporaryDirectory(prefix="labs-flowchart-") as folder:
        answer = Path(folder, "graph.json")
        try:
            forks.run(f"{__name__}:perform", {"text": text, "answer": str(answer)}, SECONDS)
        except TookTooLong:
            raise FlowchartError("mermaid did not finish reading this diagram.", "Draw fewer things.") from None
        if not answer.exists() or answer.stat().st_size > LARGEST_GRAPH:
            raise FlowchartError("mermaid could not read this diagram: it is too large.", "Draw fewer things.")
        return json.loads(answer.read_text(encoding="utf-8"))


def _flowchart(found: dict) -> Flowchart:
    groups = {g["id"]: Group(g["id"], _plain(g["title"]), tuple(g["classes"]), tuple(g["nodes"]))
              for g in found["groups"]}
    nodes = {n["id"]: Node(n["id"], _plain(n["text"]), tuple(n["classes"])) for n in found["nodes"]
             if n["id"] not in groups}
    arrows, lines = [], []
    for edge in found["edges"]:
        arrow = Arrow(edge["start"], edge["end"], _plain(edge["text"]))
        if edge["stroke"] == "invisible":
            continue
        if edge["type"] not in (ARROWS, BOTH_WAYS):
            lines.append(arrow)
            continue
        arrows.append(arrow)
        if edge["type"] == BOTH_WAYS:
            arrows.append(Arrow(arrow.end, arrow.start, arrow.label))
    return Flowchart(nodes, tuple(arrows), tuple(lines), groups)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} ..."


def _plain(label: str) -> str:
    """A label without its markup: what is read in the picture."""
    return " ".join(html.unescape(TAGS.sub(" ", label)).split())


# What runs in the process of its own

GRAPH = """
mermaid.mermaidAPI.getDiagramFromText(TEXT).then(diagram => {
  const db = diagram.db, of = name => db[name] ? db[name]() : [], flowchart = diagram.type.startsWith("flowchart");
  globalThis.graph = JSON.stringify({
    type: diagram.type,
    nodes: !flowchart ? [] : [...of("getVertices").values()].map(
      node => ({id: node.id, text: node.text || node.id, classes: node.classes})),
    edges: !flowchart ? [] : of("getEdges").map(
      ({start, end, type, stroke, text}) => ({start, end, type, stroke, text: text || ""})),
    groups: !flowchart ? [] : of("getSubGraphs").map(
      ({id, title, classes, nodes}) => ({id, title: title || id, classes, nodes})),
  });
}).catch(error => {
  globalThis.graph = JSON.stringify({refused: String(error && error.message || error)});
});
"""
_context = None


def warm_up() -> None:
    """Load mermaid, a third of a second, before the first fork."""
    global _context
    if _context is None:
        _context = _mermaid()


def _mermaid():
    import quickjs  # type: ignore[import-untyped]  # only in the process that reads
    from mermaidx.engines._common import context_scripts

    context = quickjs.Context()
    context.set_memory_limit(MEMORY)
    context.set_max_stack_size(6 << 20)
    # Reading needs no measures of text, so nothing here calls back into Python.
    context.eval("globalThis.__log = () => {}; for (const name of ['Text', 'TextFull', 'Glyphs', 'ForeignObject'])"
                 "globalThis['__measure' + name] = () => 0;")
    for script in context_scripts():
        context.eval(script)
    return context


def perform(argument: dict) -> None:
    """Have mermaid read `text`, and leave the graph as JSON in the file `answer`; none where it ran out of memory."""
    warm_up()
    assert _context
    _context.set_time_limit(SECONDS)
    _context.eval("__resetDocument(); mermaid.initialize({startOnLoad: false});")
    _context.eval(GRAPH.replace("TEXT", json.dumps(argument["text"])))
    while _pending():
        pass
    graph = _context.eval("globalThis.graph.slice(0)")
    draft = Path(f"{argument['answer']}.part")
    draft.write_text(graph, encoding="utf-8")
    draft.rename(argument["answer"])


def _pending() -> bool:
    try:
        return bool(_context.execute_pending_job())  # type: ignore[union-attr]
    except StopIteration:
        return False
