"""A table of a lab, whole at the width of a small laptop: numbers under each other at their point, addresses as links.

    show_table(pd.DataFrame([{"price": "seat", "amount": "100", "source": "https://example.com/pricing"}]))

JupyterLab cuts a pandas table off at the window's edge; these wrap.
"""

import re
from dataclasses import dataclass
from html import escape
from numbers import Real
from urllib.parse import unquote, urlsplit

import pandas as pd

NUMBER = re.compile(r"-?[\d,]+(\.\d+)?")
POINT, DIGIT = "\u2008", "\u2007"  # spaces as wide as a point and as a digit
LONG = 24  # characters: shorter texts stay on one line


def show_table(frame: pd.DataFrame) -> "Table":
    """The rows as a table to read. The names of rows are shown if they are more than their numbers."""
    return Table(frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index(names=""))


@dataclass(frozen=True)
class Table:
    frame: pd.DataFrame

    def __repr__(self) -> str:
        """The same as text, for a page that shows no HTML. Nothing is left out."""
        return self.frame.to_string(index=False)

    def _repr_html_(self) -> str:
        columns = [(str(name), [_text(value) for value in self.frame[name]]) for name in self.frame.columns]
        kinds = [any(map(NUMBER.fullmatch, texts)) for _, texts in columns]
        head = "".join(_cell("th", escape(name), number) for (name, _), number in zip(columns, kinds, strict=True))
        cells = [
            _numbers(texts) if number else map(_linked, texts)
            for (_, texts), number in zip(columns, kinds, strict=True)
        ]
        rows = (
            "".join(_cell("td", text, number) for text, number in zip(row, kinds, strict=True))
            for row in zip(*cells, strict=True)
        )
        body = "".join(f"<tr>{row}</tr>\n" for row in rows)
        return f'<table class="dataframe">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>'


def _text(value) -> str:
    if isinstance(value, Real) and not isinstance(value, bool):
        return f"{round(value, 4):,}"  # a tenth and two tenths are 0.3
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return _with_commas(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _with_commas(number: str) -> str:
    """A number written out keeps its digits: the price 2.0 stays 2.0."""
    whole, point, digits = number.replace(",", "").partition(".")
    return f"{int(whole):,}{point}{digits}"


def _cell(tag: str, text: str, number: bool) -> str:
    wrap = "overflow-wrap: anywhere" if len(re.sub("<[^>]*>", "", text)) > LONG else "white-space: nowrap"
    return f'<{tag} style="text-align: {"right" if number else "left"}; {wrap}">{text}</{tag}>'


def _numbers(texts: list[str]) -> list[str]:
    """Numbers filled up on the right, so that their points stand below each other; other texts as they are."""
    places = max(len(text.partition(".")[2]) for text in texts if NUMBER.fullmatch(text))
    return [_filled(text, places) if NUMBER.fullmatch(text) else escape(text) for text in texts]


def _filled(text: str, places: int) -> str:
    whole, point, digits = text.partition(".")
    missing = places - len(digits)
    return text + (POINT if missing == places and places and not point else "") + DIGIT * missing


def _linked(text: str) -> str:
    """An address as a link that opens beside the lab, named by its site and page; a tooltip has the whole."""
    if not text.startswith(("https://", "http://")):
        return escape(text)
    url = urlsplit(text)
    page = unquote(url.path.rstrip("/").rpartition("/")[2])
    name = f"{url.hostname}/…/{page}" if url.path.count("/") > 1 else f"{url.hostname}{url.path}".rstrip("/")
    words = re.sub(r"([/_.-])", r"\1<wbr>", escape(name))  # a line may end there
    return f'<a href="{escape(text)}" title="{escape(text)}" target="_blank" rel="noopener">{words}</a>'
