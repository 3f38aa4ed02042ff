"""Lab 2's explorer: five sliders over a student's cost model, and a picture that follows them.

    explorer(company, {"A": cost_a, "B": cost_b}, break_even, matters_most)

The picture is SVG text, made in a few milliseconds; sliders are ipywidgets', so arrow keys, Page Up and Page Down, Home
and End move them. `follow` is the whole of it without a browser.
"""

from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from datasets.companies import SOURCES

Model = dict[str, Callable[[dict], dict]]  # by option: a company to dollars a month by component
FRESHNESS = (5, 15, 30, 60, 240, 1440)  # minutes
COLOURS = {"people": "#c0504d", "ingestion": "#4f81bd", "warehouse": "#8064a2", "transformation": "#f79646",
           "bi": "#9bbb59", "database": "#2c6e7f", "machine": "#999999"}
LINES = {"A": "#2c6e7f", "B": "#c0504d", "C": "#d08700"}
WIDTH, HEIGHT, TOP, FOOT = 420, 260, 16, 34  # of one of the two drawings, in pixels
LEAST, MOST = 3.0, 8.0  # rows a month, as a power of ten
STEPS = 40


def explorer(company: dict, model: Model, break_even: Callable, matters_most: Callable) -> widgets.Widget:
    """Sliders for rows, sources, seats, freshness and the engineer's rate; a picture that answers each move."""
    sliders = _sliders(company)
    picture = widgets.HTML()

    def answer(_=None) -> None:
        moved = {name: slider.value for name, slider in sliders.items()}
        picture.value = follow(company, moved, model, break_even, matters_most)

    for slider in sliders.values():
        slider.observe(answer, "value")
    answer()
    return widgets.VBox([*sliders.values(), picture])


def follow(company: dict, moved: dict, model: Model, break_even: Callable, matters_most: Callable) -> str:
    """What the explorer shows for these positions of its sliders, as HTML."""
    parts = {name: {part: float(amount) for part, amount in cost(at(company, moved)).items()} for name, cost in model.items()}
    lines = {name: [_total(cost, at(company, moved | {"rows": x})) for x in _exponents()] for name, cost in model.items()}
    crossing = _crossing(company, moved, model, break_even)
    said = [_totals(parts), _said(crossing, model), _named(company, moved, model, matters_most)]
    words = "".join(f"<p class='said'>{escape(sentence)}</p>" for sentence in said)
    return f"{_svg(_bars(parts) + _curves(lines, crossing, moved['rows']))}{words}"


def at(company: dict, moved: dict) -> dict:
    """The company as the sliders have it. `rows` is a power of ten, shared evenly by `sources` connections."""
    names = [*company["mar"], *(s for s in SOURCES if s not in company["mar"])][:int(moved["sources"])]
    each = 10 ** moved["rows"] / len(names)
    return company | {"mar": dict.fromkeys(names, each), "users": int(moved["users"]),
                      "freshness": moved["freshness"], "rate": moved["rate"]}


def _sliders(company: dict) -> dict[str, widgets.Widget]:
    style, wide = {"description_width": "150px"}, widgets.Layout(width="520px")
    options = {"style": style, "layout": wide}
    rows = min(max(len(str(sum(company["mar"].values()))) - 1, LEAST), MOST)
    return {
        "rows": widgets.FloatSlider(rows, min=LEAST, max=MOST, step=0.1, description="rows a month, 10^x", **options),
        "sources": widgets.IntSlider(len(company["mar"]), min=1, max=len(SOURCES), description="sources", **options),
        "users": widgets.IntSlider(company["users"], min=1, max=50, description="seats", **options),
        "freshness": widgets.SelectionSlider(value=company["freshness"], options=FRESHNESS, description="minutes between runs", **options),
        "rate": widgets.IntSlider(company["rate"], min=20, max=200, description="engineer's hour", **options),
    }


def _exponents() -> list[float]:
    return [LEAST + (MOST - LEAST) * step / STEPS for step in range(STEPS + 1)]


def _total(cost: Callable, company: dict) -> float:
    return float(sum(cost(company).values()))


def _crossing(company: dict, moved: dict, model: Model, break_even: Callable) -> float | None:
    """Where the first option becomes no dearer than the second for good, as a power of ten."""
    (_, first), (_, second), *_ = model.items()
    try:
        return break_even(lambda x: _total(second, at(company, moved | {"rows": x})),
                          lambda x: _total(first, at(company, moved | {"rows": x})), LEAST, MOST)
    except NotImplementedError:
        return None


def _named(company: dict, moved: dict, model: Model, matters_most: Callable) -> str:
    """The slider that moves the second option's cost most, each from half to twice its value."""
    second = list(model)[1]
    ranges = {name: (moved[name] / 2, moved[name] * 2) for name in ("users", "freshness", "rate")}
    ranges |= {"rows": (moved["rows"] - 0.3, moved["rows"] + 0.3), "sources": (1, max(2, moved["sources"] * 2))}
    try:
        most = matters_most(lambda m: _total(model[second], at(company, m)), dict(moved), ranges)
    except NotImplementedError:
        return "Write matters_most, and this names the input that matters most."
    return f"Halved or doubled, {most} matters most for {second}."


def _totals(parts: dict) -> str:
    return "; ".join(f"{name} ${sum(each.values()):,.0f} a month" for name, each in parts.items())


def _said(crossing: float | None, model: Model) -> str:
    """The break-even in words."""
    first, second, *_ = model
    if crossing is None:
        return f"No break-even: with very many rows, {first} costs more than {second}."
    if crossing <= LEAST:
        return f"No break-even: {first} never costs more than {second} in this range."
    return f"Break-even at {10 ** crossing:,.0f} rows a month: from there on {first} costs no more than {second}."


# The picture

def _svg(inside: str) -> str:
    return f"<svg class='explorer' role='img' aria-label='cost by component, and against rows' width='{2 * WIDTH}' " \
           f"height='{HEIGHT}' font-family='sans-serif' font-size='12'>{inside}</svg>"


def _bars(parts: dict) -> str:
    """Each option a bar of its components, one on the other, with its legend."""
    highest = max(sum(each.values()) for each in parts.values()) or 1
    bars = "".join(_bar(number, name, each, highest) for number, (name, each) in enumerate(parts.items()))
    there = [part for part in COLOURS if any(part in each for each in parts.values())]
    legend = "".join(f"<rect x='{WIDTH - 120}' y='{TOP + 18 * n}' width='11' height='11' fill='{COLOURS[part]}'/>"
                     f"<text x='{WIDTH - 104}' y='{TOP + 10 + 18 * n}'>{part}</text>" for n, part in enumerate(there))
    return bars + legend


def _bar(number: int, name: str, each: dict, highest: float) -> str:
    x, y, drawn = 20 + 90 * number, HEIGHT - FOOT, ""
    for part, amount in each.items():
        tall = amount / highest * (HEIGHT - FOOT - TOP)
        y -= tall
        drawn += f"<rect x='{x}' y='{y:.1f}' width='60' height='{tall:.1f}' fill='{COLOURS.get(part, '#555')}'>" \
                 f"<title>{escape(part)} ${amount:,.0f}</title></rect>"
    return f"{drawn}<text x='{x}' y='{HEIGHT - FOOT + 15}'>{escape(name)} ${sum(each.values()):,.0f}</text>"


def _curves(lines: dict, crossing: float | None, rows: float) -> str:
    """Each option's total against rows; the break-even a dashed line, today a dotted one."""
    highest = max(lines[list(lines)[0]][-1], *(line[STEPS * 3 // 4] for line in lines.values())) or 1
    drawn = "".join(_curve(name, line, highest) for name, line in lines.items())
    axis = "".join(f"<text x='{_x(e):.0f}' y='{HEIGHT - FOOT + 15}'>10^{e}</text>" for e in range(int(LEAST), int(MOST) + 1))
    marks = _upright(rows, "2 3", "today") + ("" if crossing is None else _upright(crossing, "6 4", "break-even"))
    return f"{drawn}{axis}<text x='{WIDTH + 150}' y='{HEIGHT - 4}'>rows a month</text>{marks}"


def _curve(name: str, line: list[float], highest: float) -> str:
    seen = [(x, amount) for x, amount in zip(_exponents(), line) if amount <= highest]  # beyond is above the picture
    points = " ".join(f"{_x(x):.0f},{_y(amount, highest):.0f}" for x, amount in seen)
    colour = LINES.get(name, "#555")
    return f"<polyline points='{points}' fill='none' stroke='{colour}' stroke-width='2'/>" \
           f"<text x='{WIDTH + 8}' y='{_y(min(line[0], highest), highest) - 4:.0f}' fill='{colour}'>{escape(name)}</text>"


def _upright(exponent: float, dashes: str, what: str) -> str:
    x = _x(exponent)
    return f"<line x1='{x:.0f}' x2='{x:.0f}' y1='{TOP}' y2='{HEIGHT - FOOT}' stroke='#333' stroke-dasharray='{dashes}'/>" \
           f"<text x='{x + 4:.0f}' y='{TOP + (26 if what == 'today' else 10)}'>{what}</text>"


def _x(exponent: float) -> float:
    return WIDTH + 10 + (exponent - LEAST) / (MOST - LEAST) * (WIDTH - 50)


def _y(amount: float, highest: float) -> float:
    return HEIGHT - FOOT - amount / highest * (HEIGHT - FOOT - TOP)
