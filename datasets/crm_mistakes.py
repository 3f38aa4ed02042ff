"""The errors a person makes in a spreadsheet, put in one by one, each written down."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from datasets.stream import RandomStream
from datasets.words import FIRST_NAMES

SWAPPED = 25  # rows per thousand with e-mail and telephone in each other's column
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True)
class Kind:
    """One way to spoil a cell of `columns`, in `share` rows of a thousand: `spoil(right, draw)`."""

    columns: tuple[str, ...]
    share: int
    spoil: Callable[[str, int], str]


def typo(email: str, draw: int) -> str:
    """A slip of the finger. It never makes the address of somebody else: the number in it stays."""
    letters = len(email.rstrip("@.abcdefghijklmnopqrstuvwxyz").rstrip("0123456789"))
    at = 1 + draw // 4 % (letters - 2)
    return (email[:at] + email[at + 1] + email[at] + email[at + 2:],  # two letters in the wrong order
            email[:at] + email[at + 1:],                              # one left out
            email.replace("@", ""), email.replace("@example.", "@example,"))[draw % 4]


def other_date(day: str, draw: int) -> str:
    """The two other ways to write 2025-03-04: 03/04/2025 (month first) and 4 Mar 2025."""
    d = date.fromisoformat(day)
    return (f"{d:%m/%d/%Y}", f"{d.day} {MONTHS[d.month - 1]} {d.year}")[draw % 2]


def currency_sign(amount: str, draw: int) -> str:
    return (f"${int(amount):,}", f"{amount} USD", f"US$ {amount}")[draw % 3]


def other_phone(phone: str, draw: int) -> str:
    """+1 617 555 0123 as people write it."""
    _, area, exchange, line = phone.split()
    return (f"({area}) {exchange}-{line}", f"{area}.{exchange}.{line}", f"{area}{exchange}{line}")[draw % 3]


def with_note(value: str, draw: int) -> str:
    return (f"{value} (check!)", f"{value} - ask Ana", f"new: {value}")[draw % 3]


def with_space(value: str, draw: int) -> str:
    """A space behind, one in front, or the one that does not look like one (U+00A0)."""
    return (f"{value} ", f" {value}", f"{value}\u00a0")[draw % 3]


def two_people(name: str, draw: int) -> str:
    """Whose row it is, and somebody they came with."""
    return name + (" & ", " / ", ", ")[draw % 3] + FIRST_NAMES[draw // 3 % len(FIRST_NAMES)]


def respelled(name: str, draw: int) -> str:
    """The same name as another day has it: Zoë Müller is Müller, Zoë; Z. Müller; zoe muller."""
    first, last = name.split(" ", 1)
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode().strip()
    other = (f"{last}, {first}", f"{first[0]}. {last}", plain or f"{last} {first}")[draw % 3]
    return other if other != name else f"{last}, {first}"


KINDS = {
    "email_typo": Kind(("Email",), 60, typo),
    "date_form": Kind(("First contact",), 250, other_date),
    "currency_sign": Kind(("USD a month",), 150, currency_sign),
    "merged_names": Kind(("Contact name",), 20, two_people),
    "note_in_cell": Kind(("Phone", "USD a month"), 30, with_note),
    "phone_form": Kind(("Phone",), 300, other_phone),
    "all_caps": Kind(("Account", "Contact name", "City"), 50, lambda value, draw: value.upper()),
    "trailing_space": Kind(("Contact name", "Email", "City"), 80, with_space),
}


class Mistakes:
    """A clean sheet that gets worse, and the record of how. No cell is spoilt twice.

    Each kind happens at least once wherever a cell allows it.
    """

    def __init__(self, clean: pd.DataFrame):
        self._cells = {str(column): clean[column].tolist() for column in clean}
        self._rows = len(clean)
        self._made: dict[tuple[int, str], tuple[str, object] | None] = {}

    def sheet(self) -> pd.DataFrame:
        return pd.DataFrame(self._cells, dtype=object)

    def made(self) -> pd.DataFrame:
        """row (int64), column, kind, right; by row and column."""
        found = [(row, column, *what) for (row, column), what in self._made.items() if what]
        frame = pd.DataFrame(found, columns=["row", "column", "kind", "right"]).astype({"right": object})
        return frame.sort_values(["row", "column"], ignore_index=True)

    def total_row(self, row: int) -> None:
        """That row is a total: one error, and its other cells are left alone."""
        self._made |= {(row, column): None for column in self._cells}
        self._made[row, "Account"] = ("total_row", None)

    def duplicates(self, stream: RandomStream, contact: pd.Series) -> None:
        """Rows whose contact was there before get another spelling of the name."""
        first: dict[int, int] = {}
        for row, (number, draw) in enumerate(zip(contact, stream.below(2**30, len(contact)), strict=True)):
            if number in first:
                self._spoil(row, "Contact name", respelled, draw, "duplicate", str(first[number]))
            first.setdefault(number, row)

    def cells(self, name: str, stream: RandomStream) -> None:
        """Spoil cells of one of KINDS, in as many rows as its share says."""
        kind = KINDS[name]
        free = [(row, column) for row in range(self._rows) for column in kind.columns if self._free(row, column)]
        left = self._count(kind.share)
        for place, draw in zip(stream.shuffled(len(free)), stream.below(2**30, len(free)), strict=True):
            if left:
                row, column = free[place]
                left -= self._spoil(row, column, kind.spoil, int(draw), name)

    def swapped(self, stream: RandomStream) -> None:
        """E-mail and telephone number in each other's column: two errors a row."""
        both = [row for row in range(self._rows) if self._free(row, "Email") and self._free(row, "Phone")]
        email, phone = self._cells["Email"], self._cells["Phone"]
        for place in stream.shuffled(len(both))[:self._count(SWAPPED)]:
            row = both[place]
            self._made[row, "Email"] = ("swapped_columns", email[row])
            self._made[row, "Phone"] = ("swapped_columns", phone[row])
            email[row], phone[row] = phone[row], email[row]

    def _count(self, share: int) -> int:
        return max(1, self._rows * share // 1000)

    def _free(self, row: int, column: str) -> bool:
        return self._cells[column][row] is not None and (row, column) not in self._made

    def _spoil(self, row: int, column: str, spoil: Callable, draw: int, kind: str, right: str | None = None) -> bool:
        """Write the error into the cell, and down; False if it would leave the cell as it is."""
        was = self._cells[column][row]
        now = spoil(was, draw)
        if now == was:
            return False
        self._cells[column][row] = now
        self._made[row, column] = (kind, was if right is None else right)
        return True
