"""What lands in the warehouse: for each stream the typed columns that people query, and what must be true of them.

The whole record is kept beside them in `_payload`, so a column can be added later without reading anything again.
Moments are TIMESTAMP in UTC, whatever the vendor writes.
"""

from dataclasses import dataclass

# What a column may hold: SQL type, the JSON types that suit, and its value from the text of the JSON value.
KINDS = {
    "text": ("VARCHAR", ("VARCHAR",), "{}"),
    "integer": ("BIGINT", ("BIGINT", "UBIGINT"), "cast({} as bigint)"),
    "boolean": ("BOOLEAN", ("BOOLEAN",), "cast({} as boolean)"),
    "seconds": ("TIMESTAMP", ("BIGINT", "UBIGINT"), "make_timestamp(cast({} as bigint) * 1000000)"),
    "moment": ("TIMESTAMP", ("VARCHAR",), "try_cast({} as timestamp)"),
    "json": ("JSON", (), "cast({} as json)"),
}


@dataclass(frozen=True)
class Column:
    """A value of the record: where it is, what it is, and whether a record without it is broken."""

    name: str
    path: str  # a JSON path
    kind: str
    required: bool = False

    @property
    def type(self) -> str:
        return KINDS[self.kind][0]

    def value(self, text: str) -> str:
        """SQL: the typed value of the JSON value's text."""
        return KINDS[self.kind][2].format(text)

    def complaint(self, text: str, found: str) -> str:
        """SQL: what is wrong with a value of this text and JSON type, as a phrase; NULL where it is as agreed."""
        suits = KINDS[self.kind][1]
        rules = []
        if self.required:
            rules.append(f"when coalesce({found}, 'NULL') = 'NULL' then '{self.name} is missing'")
        if suits:
            rules.append(
                f"when {found} not in {(*suits, 'NULL')} then '{self.name} is ' || {found} || ', not {self.kind}'"
            )
        if self.kind == "moment":
            rules.append(f"when {text} is not null and {self.value(text)} is null then '{self.name} is no moment'")
        return f"case {' '.join(rules)} end" if rules else "null"


@dataclass(frozen=True)
class Stream:
    """One table. Records with the same values in the `key` columns are the same one; the greatest `version` holds.

    With `bare`, a record may lack the last column of the key: then it is known by all it says.
    """

    source: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    bare: str = ""           # JSON merge patch that takes from a record what two copies of it may differ in
    version: str = ""        # a column of whole numbers
    fields: str = "$"        # where the names are whose coming and going is recorded

    @property
    def table(self) -> str:
        return f'{self.source}."{self.name}"'

    @property
    def paths(self) -> str:
        """SQL: where all columns are. Each record is parsed once for all of them."""
        return str([column.path for column in self.columns])

    def text(self, name: str) -> str:
        """SQL: a column's value as text, among `_texts`."""
        return f"_texts[{[column.name for column in self.columns].index(name) + 1}]"

    def keyed(self) -> str:
        """SQL: what identifies a record."""
        *first, last = map(self.text, self.key)
        last = f"coalesce({last}, md5({self.bared('_payload')}::varchar))" if self.bare else last
        return f"md5(concat_ws(chr(31), {', '.join([*first, last])}))" if first else last

    def bared(self, record: str) -> str:
        """SQL: all that a record says, but for what two copies of it may differ in."""
        return f"json_merge_patch({record}, '{self.bare}')"

    def anonymous(self, record: str = "stage") -> str:
        """SQL: whether a record lacks the last column of the key, the id that its client gave it."""
        return f"{record}.{self.text(self.key[-1])} is null"

    def twin(self) -> str:
        """SQL: whether a record of `stage` without an id is the copy of one with an id."""
        same = " and ".join(f"o.{self.text(name)} = stage.{self.text(name)}" for name in self.key[:-1]) or "true"
        return (f"{self.anonymous()} and exists (select 1 from stage o where not ({self.anonymous('o')}) and {same} "
                f"and {self.bared('o._payload')} = {self.bared('stage._payload')})")

    def versioned(self) -> str:
        return f"coalesce(try_cast({self.text(self.version)} as bigint), 0)" if self.version else "0"

    def values(self) -> str:
        """SQL: all typed columns."""
        return ", ".join(f'{column.value(self.text(column.name))} as "{column.name}"' for column in self.columns)

    def complaint(self) -> str:
        """SQL: all that is wrong with a record, or nothing: ''."""
        complaints = (c.complaint(f"_texts[{n}]", f"_types[{n}]") for n, c in enumerate(self.columns, 1))
        return f"concat_ws('; ', {', '.join(complaints)})"


def columns(text: str, under: str = "") -> tuple[Column, ...]:
    """Columns from "name:kind" each, with `!` where required and `=path` where the record calls it otherwise."""
    return tuple(_column(word, under) for word in text.split())


def _column(word: str, under: str) -> Column:
    name, _, rest = word.partition(":")
    kind, _, path = rest.partition("=")
    steps = ".".join(f'"{step}"' for step in f"{under}{path or name}".split("."))
    return Column(name, f"$.{steps}", kind.rstrip("!"), kind.endswith("!"))
