"""Lab 2's explorer: five sliders over a student's cost model; two charts and a few sentences follow them.

    explorer(company, {"A": cost_a, "B": cost_b, "C": cost_c}, break_even, matters_most)

The sliders are ipywidgets'. What follows them is an ordinary output of the cell, so that a saved notebook shows it even
if there are no widgets. `Explorer.at` is the whole of it without a browser.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from math import log10

import ipywidgets as widgets
from IPython.display import display

from autograders.checks.lab_02.charts import chart, cost_bars, cost_curves, png
from datasets.companies import SOURCES

Model = dict[str, Callable[[dict], dict]]  # by option: a company to USD per month by component
LEAST, MOST = 100, 100_000_000  # rows per month that the sliders and the chart cover, and more if the company has more
STEPS = 60  # of a curve

# ipywidgets gives a slider neither a name nor a value in words; a screen reader needs both. They stand beside it.
NAME_SLIDERS = """
setTimeout(() => {  // this output is not yet below the sliders'
  const area = element.closest('.jp-OutputArea');
  const name = () => area.querySelectorAll('.widget-hslider').forEach(slider => {
    const handle = slider.querySelector('[role=slider]');
    handle?.setAttribute('aria-label', slider.querySelector('label').textContent);
    handle?.setAttribute('aria-valuetext', slider.querySelector('.widget-readout').textContent);
  });
  if (area) { new MutationObserver(name).observe(area, {childList: true, subtree: true}); name(); }
});
"""


def _duration(minutes: float) -> str:
    for unit, length in (("day", 1440), ("hour", 60)):
        if minutes % length == 0:
            return f"{minutes // length:,} {unit}{'' if minutes == length else 's'}"
    return f"{minutes:,} minute{'' if minutes == 1 else 's'}"


@dataclass(frozen=True)
class Input:
    """What one slider moves. Its label is the word for it everywhere: on sliders, in charts and in sentences."""

    label: str
    steps: tuple  # offered beside the company's own value
    words: Callable[[float], str]


INPUTS = {
    "rows": Input("rows per month", tuple(round(float(f"{10 ** (n / 10):.1e}")) for n in range(20, 81)),
                  "{:,.0f}".format),
    "sources": Input("connections", tuple(range(1, len(SOURCES) + 2)), "{:,}".format),
    "users": Input("users", tuple(range(1, 51)), "{:,}".format),
    "freshness": Input("freshness", (5, 15, 30, 60, 240, 1440), _duration),
    "rate": Input("hourly rate", tuple(range(20, 201)), "{:,}".format),
}


def explorer(company: dict, model: Model, break_even: Callable, matters_most: Callable) -> None:
    """Shows sliders for the company's volumes and rate; charts and sentences that answer each move."""
    widget = Explorer(company, model, break_even, matters_most)
    shown = widget.at(widget.today)
    sliders = widget.sliders()
    display(Sliders([*sliders.values()]))
    below = display(shown, display_id=True)
    display({"application/javascript": NAME_SLIDERS, "text/plain": ""}, raw=True)

    def follow(_) -> None:
        below.update(widget.answer({name: slider.value for name, slider in sliders.items()}))

    for slider in sliders.values():
        slider.observe(follow, "value")


class Sliders(widgets.VBox):
    """The sliders one below the other, and what stands for them in a page without widgets."""

    def __repr__(self) -> str:
        return "Sliders: run this cell in JupyterLab to move them."


@dataclass(frozen=True)
class Shown:
    """What stands below the sliders: charts, each an address and its text for a screen reader, and sentences."""

    charts: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self.sentences)

    def _repr_html_(self) -> str:
        # Beside each other if there is room, else one below the other.
        style = "flex: 1 1 340px; min-width: 0; max-width: 560px; height: auto"
        images = "".join(f'<img src="{address}" alt="{escape(text)}" width="624" height="429" style="{style}">'
                         for address, text in self.charts)
        words = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences)
        return ('<div class="explorer">'
                f'<div style="display: flex; flex-wrap: wrap; align-items: flex-start">{images}</div>'
                f'<div role="status" class="said">{words}</div></div>')


class Explorer:
    """A company, a model of what its options cost, and the two charts, drawn again for each move."""

    def __init__(self, company: dict, model: Model, break_even: Callable, matters_most: Callable):
        self.company, self.model = company, model
        self.break_even, self.matters_most = break_even, matters_most
        self.today = place_of(company)
        self.low, self.high = max(1, min(LEAST, self.today["rows"])), max(MOST, self.today["rows"])
        self.charts = chart(), chart()

    def sliders(self) -> dict[str, widgets.SelectionSlider]:
        """A slider for each input. Each begins at the company's own value."""
        layout = widgets.Layout(width="98%", max_width="640px", height="auto", flex_flow="row wrap")
        return {name: widgets.SelectionSlider(
            options=[(self._words(name, value) + (" (today)" if value == self.today[name] else ""), value)
                     for value in sorted({*about.steps, self.today[name]})],
            value=self.today[name], description=about.label, tooltip=about.label,
            style={"description_width": "8em"}, layout=layout)
            for name, about in INPUTS.items()}

    def answer(self, place: dict) -> Shown:
        """What the sliders at this place show. A model that fails there says so: no cell would show its traceback."""
        try:
            return self.at(place)
        except Exception as error:
            return Shown((), (f"{self._place(place)}: your model raised {type(error).__name__}: {error}",))

    def at(self, place: dict) -> Shown:
        costs = {option: {part: float(amount) for part, amount in cost(company_at(self.company, place)).items()}
                 for option, cost in self.model.items()}
        totals = {option: sum(parts.values()) for option, parts in costs.items()}
        point, even = self._break_even(place)
        return Shown(((self._draw_bars(costs), _bars_in_words(costs)),
                      (self._draw_curves(place, totals, point), self._curves_in_words(totals, even))),
                     (self._totals(place, totals), even, self._matters(place)))

    def _total(self, option: str, place: dict, **moved) -> float:
        return float(sum(map(float, self.model[option](company_at(self.company, place | moved)).values())))

    # The charts

    def _draw_bars(self, costs: dict) -> str:
        axes = self.charts[0]
        axes.clear()
        cost_bars(axes, costs)
        return png(axes)

    def _draw_curves(self, place: dict, totals: dict, point: tuple[float, float] | None) -> str:
        axes = self.charts[1]
        axes.clear()
        rows = [self.low * (self.high / self.low) ** (step / STEPS) for step in range(STEPS + 1)]
        curves = {option: [self._total(option, place, rows=at) for at in rows] for option in self.model}
        today = {option: self._total(option, self.today) for option in self.model}
        cost_curves(axes, rows, curves, (self.today["rows"], today), (place["rows"], totals), point)
        return png(axes)

    def _curves_in_words(self, totals: dict, even: str) -> str:
        return (f"Lines: cost of {_listed(list(totals))} in USD per month, from {self.low:,} to {self.high:,} rows "
                f"per month. Marked are today, {self.today['rows']:,} rows per month, and the sliders. {even}")

    # The sentences

    def _words(self, name: str, value: float) -> str:
        return INPUTS[name].words(value) + (f" {self.company['rate_currency']}" if name == "rate" else "")

    def _place(self, place: dict) -> str:
        moved = [name for name in INPUTS if place[name] != self.today[name]]
        if not moved:
            return "As it is today"
        return "With " + _listed([f"{INPUTS[name].label} at {self._words(name, place[name])}" for name in moved])

    def _totals(self, place: dict, totals: dict) -> str:
        prices = _listed([f"{option} costs USD {total:,.2f}" for option, total in totals.items()])
        cheapest = [option for option, total in totals.items() if round(total, 2) == round(min(totals.values()), 2)]
        return f"{self._place(place)}, {prices} per month. Cheapest: {_listed(cheapest)}."

    def _break_even(self, place: dict) -> tuple[tuple[float, float] | None, str]:
        """The point from which the first option costs no more than the second, if any, and the sentence for it."""
        first, second, *_ = self.model
        low, high = log10(self.low), log10(self.high)  # by powers of ten, as the chart is
        try:
            found = self.break_even(lambda x: self._total(second, place, rows=10 ** x),
                                    lambda x: self._total(first, place, rows=10 ** x), low, high)
        except NotImplementedError:
            return None, f"Write break_even, and the break-even of {first} and {second} stands here."
        if found is None:
            return None, f"No break-even: with {self.high:,} rows per month, {first} still costs more than {second}."
        if found <= low:
            return None, f"No break-even: {first} never costs more than {second} from {self.low:,} rows per month on."
        rows = 10 ** float(found)
        return ((rows, self._total(first, place, rows=rows)),
                f"Break-even: from about {float(f'{rows:.1e}'):,.0f} rows per month on, "
                f"{first} costs no more than {second}.")

    def _matters(self, place: dict) -> str:
        """For each option the slider that moves its cost most, from half to twice its value."""
        ranges = {name: (value / 2, value * 2) for name, value in place.items()}
        ranges |= {name: (max(1, place[name] // 2), place[name] * 2) for name in ("sources", "users")}  # whole ones
        try:
            most = {option: self.matters_most(partial(self._moved, option), dict(place), ranges)
                    for option in self.model}
        except NotImplementedError:
            return "Write matters_most, and what matters most stands here."
        named = [f"{INPUTS[name].label if name in INPUTS else name} for {option}" for option, name in most.items()]
        return f"Halved or doubled one at a time, these matter most: {_listed(named)}."

    def _moved(self, option: str, place: dict) -> float:
        return self._total(option, place)


def place_of(company: dict) -> dict:
    """Where the sliders stand for this company."""
    return {"rows": sum(company["mar"].values()), "sources": len(company["mar"]),
            **{name: company[name] for name in ("users", "freshness", "rate")}}


def company_at(company: dict, place: dict) -> dict:
    """The company as the sliders have it; where none was moved, exactly as it is."""
    return company | {"mar": _mar(company["mar"], place["rows"], place["sources"]),
                      **{name: place[name] for name in ("users", "freshness", "rate")}}


def _mar(today: dict, rows: float, count: int) -> dict:
    """So many rows over so many connections: the company's own first, in proportion; a new one is their average."""
    average = sum(today.values()) / len(today) if today else 1
    new = [*(name for name in SOURCES if name not in today), *(f"connection {n}" for n in range(count))]
    shares = today | dict.fromkeys(new, average or 1)
    kept = {name: shares[name] for name in [*today, *new][:count]}
    total = sum(kept.values())
    if total == rows:
        return kept
    return {name: share / total * rows if total else rows / count for name, share in kept.items()}


def _bars_in_words(costs: dict) -> str:
    each = [f"{option}: " + ", ".join(f"{part} {amount:,.0f}" for part, amount in parts.items())
            for option, parts in costs.items()]
    return f"Bars: cost by component in USD per month. {'; '.join(each)}."


def _listed(words: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
