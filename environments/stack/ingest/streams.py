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

    def value(self, record: str = "_payload") -> str:
        """SQL: the typed value. NULL where the record has none."""
        return KINDS[self.kind][2].format(f"json_extract_string({record}, '{self.path}')")

    def complaint(self, record: str = "_payload") -> str:
        """SQL: what is wrong with the value, as a phrase; NULL where it is as agreed."""
        suits, found = KINDS[self.kind][1], f"coalesce(json_type({record}, '{self.path}'), 'NULL')"
        missing = f"when {found} = 'NULL' then '{self.name} is missing' " if self.required else ""
        wrong = f"when {found} not in {(*suits, 'NULL')} then '{self.name} is ' || {found} || ', not {self.kind}' " if suits else ""
        no_moment = (f"when {found} <> 'NULL' and {self.value(record)} is null then '{self.name} is no moment' "
                     if self.kind == "moment" else "")
        return f"case {missing}{wrong}{no_moment}end" if missing or wrong else "null"


@dataclass(frozen=True)
class Stream:
    """One table. `key` is SQL over `_payload`: what makes two records the same one."""

    source: str
    name: str
    columns: tuple[Column, ...]
    key: str
    fields: str = "$"     # where the keys are whose coming and going is recorded
    version: str = "0"    # SQL over `_payload`: of two records with one key, the greater one holds

    @property
    def table(self) -> str:
        return f'{self.source}."{self.name}"'

    def complaint(self) -> str:
        """SQL: all that is wrong with a record, or nothing: ''."""
        return f"concat_ws('; ', {', '.join(column.complaint() for column in self.columns)})"


def columns(text: str, under: str = "") -> tuple[Column, ...]:
    """Columns from "name:kind" each, with `!` where required and `=path` where the record calls it otherwise."""
    return tuple(_column(word, under) for word in text.split())


def _column(word: str, under: str) -> Column:
    name, _, rest = word.partition(":")
    kind, _, path = rest.partition("=")
    steps = ".".join(f'"{step}"' for step in f"{under}{path or name}".split("."))
    return Column(name, f"$.{steps}", kind.rstrip("!"), kind.endswith("!"))
