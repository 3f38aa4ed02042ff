"""Formulas and diagrams of a Markdown text as pictures, drawn here: no page asks another server for a program that
draws them, and a browser runs nothing that stands in a picture.

What cannot be drawn, or would take too long, is shown as it was written.
"""

import base64
import io
import re
import subprocess
import sys
from functools import cache, lru_cache

from markupsafe import escape

LONGEST_FORMULA, LONGEST_DIAGRAM, LARGEST = 500, 2_000, 400_000  # characters
WIDTH = re.compile(rb"^<svg[^>]*max-width: (\d{1,4})")  # mermaid's own idea of it
LINES = re.compile(r"\\\\")
# Drawn in a process of its own, which its text can keep busy for so many seconds and no longer.
SECONDS, DEADLINE = 10, 60
DRAW = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
import mermaidx
text = sys.stdin.buffer.read().decode()
look = {{"htmlLabels": False, "flowchart": {{"htmlLabels": False}}, "maxEdges": 200,
         "themeCSS": ".edgeLabel rect {{ opacity: 1; fill: #fff; }}",
         "themeVariables": {{"fontFamily": "DejaVu Sans, Verdana, sans-serif"}}}}
sys.stdout.buffer.write(mermaidx.render(text, config=look).svg().encode())
"""


@lru_cache(1000)
def formula(tex: str) -> str | None:
    """A formula as a picture to stand in a line of text; None where it cannot be drawn."""
    tex = " ".join(tex.split())
    if not tex or len(tex) > LONGEST_FORMULA:
        return None
    try:
        width, height, depth, svg = _typeset(f"${tex}$")
    except Exception:  # whatever matplotlib's parsers raise over a student's text
        return None
    return _picture("formula", tex, svg, f"width:{width:.2f}em;height:{height:.2f}em;vertical-align:{-depth:.2f}em")


def formulas(tex: str) -> list[str] | None:
    """The lines of a displayed formula, each as a picture,
    without their marks of alignment; None where one cannot be drawn."""
    drawn = [formula(line.replace("&", " ")) for line in LINES.split(tex) if line.strip()]
    made = [picture for picture in drawn if picture]
    return made if len(made) == len(drawn) else None


@lru_cache(200)
def diagram(text: str) -> str | None:
    """A mermaid text as a picture; None where it is none, or is too large."""
    if len(text) > LONGEST_DIAGRAM or not _draws():
        return None
    try:
        drawn = subprocess.run(
            [sys.executable, "-I", "-c", DRAW],
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            timeout=DEADLINE,
        )
    except subprocess.TimeoutExpired:
        return None
    if drawn.returncode or not drawn.stdout or len(drawn.stdout) > LARGEST:
        return None
    width = WIDTH.search(drawn.stdout)
    return _picture(
        "diagram", text, drawn.stdout, f"width:{width[1].decode()}px;max-width:100%" if width else "max-width:100%"
    )


@cache
def _draws() -> bool:
    """Whether this copy of the course was set up with what draws diagrams."""
    from importlib.util import find_spec

    return find_spec("mermaidx") is not None


def _typeset(text: str) -> tuple[float, float, float, bytes]:
    """Width, height and depth below the line, in units of the text's size, and the SVG."""
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    font = FontProperties(size=10, math_fontfamily="dejavusans")
    width, height, depth, *_ = MathTextParser("path").parse(text, dpi=72, prop=font)
    width, height = max(width, 1), max(height, 1)
    figure, file = Figure(figsize=(width / 72, height / 72)), io.BytesIO()
    figure.text(0, depth / height, text, fontproperties=font)
    figure.savefig(file, format="svg", dpi=72, transparent=True, metadata={"Date": None})
    return width / 10, height / 10, depth / 10, file.getvalue()


def _picture(kind: str, text: str, svg: bytes, style: str) -> str:
    # Without a space it cannot begin an attribute.
    words = re.sub(r"\s", lambda space: f"&#{ord(space[0])};", str(escape(text)))
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    return f'<img class="{kind}" alt="{words}" src="{source}" style="border:none;padding:0;{style}">'
