"""Make each deck one HTML file that needs no network: `python -m slides.build [03 ...]`."""

import re
import sys
from collections.abc import Iterator
from functools import partial
from importlib.metadata import distribution
from itertools import count
from pathlib import Path

import jupytext
import mermaidx
from nbconvert import SlidesExporter
from traitlets.config import Config

HERE = Path(__file__).parent
OUT = HERE / "html"
STYLE = {
    "flowchart": {"padding": 6, "rankSpacing": 32, "nodeSpacing": 30},  # letters large against their boxes
    "themeVariables": {"fontFamily": "DejaVu Sans, Verdana, sans-serif"},  # mermaidx measures with the first
}
MERMAID = re.compile(r'<div class="jp-Mermaid"><pre class="mermaid">(.*?)</pre></div>', re.S)


def decks() -> list[Path]:
    """Every deck: the text files whose name starts with a lab's number."""
    return sorted(HERE.glob("[0-9][0-9]_*.md"))


def asset(path: str) -> str:
    """A file of reveal.js, out of the wheel that carries it."""
    reveal = distribution("sphinx-revealjs").locate_file("sphinx_revealjs/_static/revealjs")
    return (Path(reveal) / path).read_text(encoding="utf-8")


def diagrams(page: str, numbers: Iterator[int]) -> str:
    """The page with each mermaid text drawn as an SVG, under an id of its own: its styles hang on it."""

    def draw(match: re.Match) -> str:
        svg = mermaidx.render(match[1], config=STYLE).svg()
        return f'<div class="diagram">{svg.replace("my-svg", f"diagram-{next(numbers)}")}</div>'

    return MERMAID.sub(draw, page)


def build(deck: Path, out: Path = OUT) -> Path:
    """Write one deck as one HTML file and say where it is."""
    exporter = SlidesExporter(
        template_name="deck",
        extra_template_basedirs=[str(HERE)],
        exclude_anchor_links=True,
        config=Config({"CSSHTMLHeaderPreprocessor": {"style": "friendly"}}),
    )
    exporter.register_filter("diagrams", partial(diagrams, numbers=count(1)))
    exporter.environment.globals.update(asset=asset, look=(HERE / "rise.css").read_text(encoding="utf-8"))
    page, _ = exporter.from_notebook_node(jupytext.read(deck))
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{deck.stem}.html"
    target.write_text(page, encoding="utf-8")
    return target


if __name__ == "__main__":
    for deck in decks():
        if not sys.argv[1:] or deck.name.startswith(tuple(sys.argv[1:])):
            print(build(deck).relative_to(HERE.parent))
