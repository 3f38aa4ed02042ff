"""The one place through which text of a submission goes to a terminal.

File names, names of people, cells and error messages are whatever a student made them. Control characters would command
the terminal, direction marks and characters without a width would make a line read as something else; they are written
as escapes, and what is long is cut.
"""

from itertools import islice

MAX_CHARACTERS = 300  # characters of one text in a line
MOST_LINES, MOST_WIDTH = 60, 500  # of a message
MOST_TEXT, MOST_ITEMS = 10_000, 5_000  # characters of one text in JSON, and items of a list


def printable(text: str, most: int = MAX_CHARACTERS) -> str:
    """A text as a part of one line: nothing invisible, and at most so many characters."""
    text = str(text)
    shown = "".join(c if c.isprintable() else _escaped(c) for c in text[:most])
    return shown[:most] + (f"... ({len(text):,} characters)" if len(shown) > most or len(text) > most else "")


def printable_lines(text: str, lines: int = MOST_LINES, width: int = MOST_WIDTH) -> list[str]:
    """A message of several lines, each as `printable` has it."""
    cut = str(text)[:(lines + 1) * (width + 1)]  # no need to split what is not shown
    split = cut.replace("\r\n", "\n").replace("\t", "    ").split("\n")
    more = ["..."] if len(split) > lines else []
    shown = [printable(line, width) for line in split[:lines]]
    if len(cut) < len(str(text)) and not more:
        more = [f"... ({len(str(text)):,} characters)"]
    return shown + more


def bounded(value, most: int = MOST_TEXT):
    """Plain data for --json, which has escapes of its own, with texts and lists of a bounded length."""
    if isinstance(value, dict):
        return {bounded(key, most): bounded(item, most) for key, item in islice(value.items(), MOST_ITEMS)} | (
            {"...": f"{len(value):,} items"} if len(value) > MOST_ITEMS else {})
    if isinstance(value, (list, tuple)):
        more = [f"... ({len(value):,} items)"] if len(value) > MOST_ITEMS else []
        return [bounded(item, most) for item in value[:MOST_ITEMS]] + more
    if isinstance(value, str) and len(value) > most:
        return f"{value[:most]}... ({len(value):,} characters)"
    return value


def _escaped(c: str) -> str:
    return " " if c.isspace() and ord(c) > 31 and c not in "\x85\u2028\u2029" else ascii(c)[1:-1]
