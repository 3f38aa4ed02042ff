"""Lab 2's two charts: what each option costs by component, and how its cost grows with rows.

A component has one colour and one pattern in every chart. The colours are those of Okabe and Ito, which people who are
colour-blind tell apart; black is left for the options, each a line and a marker of its own.
"""

import base64
from io import BytesIO
from itertools import zip_longest
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

COMPONENTS = {"people": ("#D55E00", ""), "ingestion": ("#56B4E9", "//"), "warehouse": ("#CC79A7", "\\\\"),
              "transformation": ("#F0E442", "xx"), "bi": ("#009E73", ".."), "database": ("#0072B2", "--"),
              "machine": ("#E69F00", "++")}  # colour and pattern
OTHER = ("#BBBBBB", "oo")  # a component that only a student's own model has
OPTIONS = (("-", "o"), ("--", "s"), (":", "^"), ("-.", "D"))  # line and marker
SIZE, DPI = (4.8, 3.3), 130
NUMBERS = FuncFormatter(lambda number, _: f"{number / 1e6:,g} million" if number >= 1e6 else f"{number:,.0f}")


def chart() -> Axes:
    """Axes to draw on again and again. Its figure is unknown to pyplot: nothing has to close it."""
    figure = Figure(figsize=SIZE, dpi=DPI)
    figure.subplots_adjust(left=0.18, right=0.92, bottom=0.15, top=0.8)
    return figure.add_subplot()


def png(axes: Axes) -> str:
    """The chart as an address that an <img> can show."""
    file = BytesIO()
    figure = axes.get_figure(root=True)
    assert figure  # that of `axes`
    figure.savefig(file, format="png", metadata={"Software": None})
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def cost_bars(axes: Axes, costs: dict[str, dict]) -> None:
    """A bar for each option, made of its components; `costs` is {option: {component: USD per month}}."""
    named = {component for parts in costs.values() for component in parts}
    bottoms = dict.fromkeys(costs, 0.0)
    for component in [*(c for c in COMPONENTS if c in named), *sorted(named - set(COMPONENTS))]:
        colour, pattern = COMPONENTS.get(component, OTHER)
        amounts = {option: float(parts.get(component, 0)) for option, parts in costs.items()}
        axes.bar(list(costs), list(amounts.values()), 0.6, list(bottoms.values()), label=component,
                 color=colour, hatch=pattern, edgecolor="black", linewidth=0.5)
        bottoms = {option: bottom + amounts[option] for option, bottom in bottoms.items()}
    for option, total in bottoms.items():
        axes.annotate(f"{total:,.0f}", (option, total), (0, 2), textcoords="offset points", ha="center")
    axes.set_ylim(0, 1.12 * max(*bottoms.values(), 1))
    axes.set(xlabel="option", ylabel="USD per month")
    axes.yaxis.set_major_formatter(NUMBERS)
    _legend_above(axes)


def cost_curves(axes: Axes, rows: list[float], curves: dict[str, list[float]], today: tuple[float, dict],
                sliders: tuple[float, dict], break_even: tuple[float, float] | None) -> None:
    """What each option costs as rows grow. `today` and `sliders` are places on it: rows per month, and
    {option: USD per month}; `break_even` is a point (rows, USD), if there is one."""
    axes.axvline(today[0], color="#BBBBBB", linewidth=5, label="today")
    axes.axvline(sliders[0], color="#0072B2", linewidth=1, label="sliders")
    for (option, amounts), (line, marker) in zip(curves.items(), OPTIONS, strict=False):
        axes.plot(rows, amounts, "k" + line, marker=marker, markevery=[], label=option)
        whole: dict[str, Any] = {"marker": marker, "zorder": 3, "clip_on": False}
        axes.plot(today[0], today[1][option], color="white", markeredgecolor="black", markersize=9, **whole)
        axes.plot(sliders[0], sliders[1][option], color="black", markersize=5, **whole)
    if break_even:
        axes.plot(*break_even, "*", color="#F0E442", markeredgecolor="black", markersize=14, zorder=4,
                  label="break-even")
    _scales(axes, rows, [*(a for line in curves.values() for a in line), *today[1].values(), *sliders[1].values()])
    axes.set(xlabel="rows per month", ylabel="USD per month")
    axes.grid(axis="y", color="#DDDDDD")
    _legend_above(axes, columns=[*zip_longest(curves, ("today", "sliders", "break-even"))])


def _scales(axes: Axes, rows: list[float], amounts: list[float]) -> None:
    """Both axes by powers of ten, in whole numbers. The vertical one ends at full powers, so that it rarely moves."""
    positive = [amount for amount in amounts if amount > 0] or [1]
    axes.set(xscale="log", yscale="log", xlim=(rows[0], rows[-1]))
    axes.set_ylim(_power(min(positive)), 10 * _power(max(positive)))
    axes.xaxis.set_major_locator(LogLocator(base=100))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(NUMBERS)
        axis.set_minor_locator(NullLocator())


def _power(amount: float) -> float:
    """The power of ten at or below an amount."""
    power = 1.0
    while power * 10 <= amount:
        power *= 10
    return power


def _legend_above(axes: Axes, columns: list | None = None) -> None:
    handles, labels = axes.get_legend_handles_labels()
    there = dict(zip(labels, handles, strict=True))
    order = [label for column in columns or [labels] for label in column if label in there]
    axes.legend([there[label] for label in order], order, loc="lower left", bbox_to_anchor=(-0.2, 1.0), ncols=3,
                frameon=False, fontsize=8.5, handlelength=2.2, columnspacing=1.0, labelspacing=0.3)
