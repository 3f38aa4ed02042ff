"""The warehouse: a DuckDB file with a schema for each source, and `ingest`, where ingestion keeps its own books.

    ingest.state        how far each stream is; written in the same transaction as the rows, so neither is there alone
    ingest.loads        for each load how many records were read and what became of each one of them
    ingest.quarantine   records that break the contract of their stream, whole, with what is wrong
    ingest.drift        fields that came or went
    ingest.fields       fields that have been seen
    ingest.days         for each day of an export how often it was asked for
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb

from environments.errors import LabsError
from environments.stack.ingest.errors import Truncated
from environments.stack.ingest.streams import Stream

BOOKS = """
create schema if not exists ingest;
create table if not exists ingest.state(source varchar, stream varchar, cursor json, saved_at timestamp);
create table if not exists ingest.loads(source varchar, stream varchar, read bigint, added bigint, changed bigint,
    same bigint, duplicate bigint, quarantined bigint, loaded_at timestamp);
create table if not exists ingest.quarantine(source varchar, stream varchar, key varchar, why varchar, payload json,
    seen_at timestamp, resolved_at timestamp);
create table if not exists ingest.drift(source varchar, stream varchar, field varchar, what varchar, seen_at timestamp);
create table if not exists ingest.fields(source varchar, stream varchar, field varchar, always boolean,
    seen_at timestamp);
create table if not exists ingest.days(source varchar, stream varchar, day date, asked bigint);
"""
NOW = "cast(current_timestamp at time zone 'UTC' as timestamp)"
LARGEST = 2**21  # bytes of one record; DuckDB sets aside some of it for each thread
WRAPPED = """select payload as _payload, version as _version, "order" as _order, deleted as _deleted
    from read_json(?, format = 'newline_delimited', maximum_object_size = {},
                   columns = {{version: 'BIGINT', "order": 'BIGINT', deleted: 'BOOLEAN', payload: 'JSON'}})"""
PLAIN = """select json as _payload, null as _version, 0 as _order, false as _deleted
    from read_json_objects(?, format = 'newline_delimited', maximum_object_size = {})"""
MANY = 20        # records without a known field from which on it counts as gone
PIECE = 2**23    # bytes of lines that are read at a time: DuckDB takes 2,048 records of any size apart at once
AT_ONCE = 2**25  # bytes of records that are sorted and merged at a time: more would not fit beside each other


@dataclass(frozen=True)
class LoadCounts:
    """What became of the records of one load: each is in exactly one of the five."""

    read: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0        # as they were, or older than what is here
    duplicate: int = 0
    quarantined: int = 0

    def __add__(self, other: "LoadCounts") -> "LoadCounts":
        return LoadCounts(*(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True)))


def _pieces(file: Path) -> Iterator[Path]:
    """The file, or where it is large one file after another with a part of its lines."""
    if file.stat().st_size <= PIECE:
        yield file
        return
    piece = file.with_name(f"{file.name}.piece")
    try:
        with file.open("rb") as whole:
            while lines := whole.read(PIECE):
                piece.write_bytes(lines + whole.readline())
                yield piece
    finally:
        piece.unlink(missing_ok=True)


class Warehouse:
    """A warehouse by its path. One writer at a time, as DuckDB demands."""

    def __init__(self, path: Path | str, memory: str = "256MB"):
        self.path = Path(path)
        try:
            self._con = duckdb.connect(str(path), config={"memory_limit": memory, "threads": 2})
        except duckdb.IOException as e:
            raise LabsError(f"the warehouse {self.path.name} cannot be opened: {str(e).splitlines()[0]}\n"
                            "Close the notebook or program that has it open, then run again.") from None
        self._con.execute("set enable_progress_bar = false; set preserve_insertion_order = false")
        self._con.execute(BOOKS)

    def __enter__(self) -> "Warehouse":
        return self

    def __exit__(self, *_) -> None:
        self._con.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """For what is no stream: tables that come from elsewhere."""
        return self._con

    def rows(self, sql: str, *values) -> list[tuple]:
        return self._con.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that the block does, or nothing of it."""
        self._con.execute("begin")
        try:
            yield
        except BaseException:
            self._con.execute("rollback")
            raise
        self._con.execute("commit")

    # State

    def state(self, stream: Stream) -> dict:
        """How far a stream is; empty where it was never loaded."""
        found = self.rows("select cursor from ingest.state where source = ? and stream = ?", stream.source, stream.name)
        return json.loads(found[0][0]) if found else {}

    def remember(self, stream: Stream, cursor: dict) -> None:
        self.rows("delete from ingest.state where source = ? and stream = ?", stream.source, stream.name)
        self.rows(f"insert into ingest.state values (?, ?, ?, {NOW})", stream.source, stream.name, json.dumps(cursor))

    # Days of an export

    def asked(self, stream: Stream, first, last) -> None:
        """These days, both included, have been asked for once more."""
        self.rows(
            "merge into ingest.days d using (select cast(unnest(generate_series("
            "cast(? as timestamp), cast(? as timestamp), interval 1 day)) as date) as day) n "
            "on d.source = ? and d.stream = ? and d.day = n.day "
            "when matched then update set asked = asked + 1 when not matched then insert values (?, ?, n.day, 1)",
            first, last, stream.source, stream.name, stream.source, stream.name
        )

    # Records

    def create(self, stream: Stream) -> None:
        """The stream's table, and columns that it has come to have since; those are filled from the payloads."""
        self._con.execute(f"create schema if not exists {stream.source}")
        typed = "".join(f'"{column.name}" {column.type}, ' for column in stream.columns)
        self._con.execute(
            f"create table if not exists {stream.table}({typed}_payload json, _key varchar, _version bigint, "
            "_deleted boolean, _loaded_at timestamp)"
        )
        there = {name for name, *_ in self.rows(f"describe {stream.table}")}
        for column in [c for c in stream.columns if c.name not in there]:
            self._con.execute(f'alter table {stream.table} add column "{column.name}" {column.type}')
            self._con.execute(f'update {stream.table} set "{column.name}" = '
                              + column.value(f"json_extract_string(_payload, '{column.path}')"))

    def merge(self, stream: Stream, file: Path, wrapped: bool = False) -> LoadCounts:
        """Records of a file of JSON lines into the stream's table: one row a key, the newest version.

        `wrapped`: each line is {"version", "order", "deleted", "payload"}; otherwise it is the record. Records that
        break the contract go to quarantine. Truncated, with nothing loaded, where a line is no JSON.
        """
        self.create(stream)
        if not file.stat().st_size:
            return LoadCounts()
        self._stage(stream, file, wrapped)
        self._drift(stream)
        copies = stream.bare and self.rows(f"select 1 from stage where {stream.anonymous()} limit 1")
        kept, parts = LoadCounts(), 1 + file.stat().st_size // AT_ONCE
        for part in range(parts):
            self._fresh(stream, f"hash(_key) % {parts} = {part}" + (f" and not ({stream.twin()})" if copies else ""))
            kept += self._merged(stream)
        read, bad = self.rows("select count(*), count(*) filter (_why <> '') from stage")[0]
        counts = replace(kept, read=read, duplicate=read - bad - kept.added - kept.changed - kept.same, quarantined=bad)
        self._set_aside(stream)
        self.rows(
            f"insert into ingest.loads values (?, ?, ?, ?, ?, ?, ?, ?, {NOW})",
            stream.source, stream.name, *asdict(counts).values()
        )
        return counts

    def _all(self, stream: Stream) -> str:
        """SQL: every column from the fresh row."""
        names = [column.name for column in stream.columns] + ["_payload", "_version", "_deleted", "_loaded_at"]
        return ", ".join(f'"{name}" = s."{name}"' for name in names)

    def _stage(self, stream: Stream, file: Path, wrapped: bool) -> None:
        """`stage`: every record, with its key and what is wrong with it."""
        lines = WRAPPED if wrapped else PLAIN
        stage = (
            f"with lines as ({lines.format(LARGEST)}), apart as (select *, "
            f"json_extract_string(_payload, {stream.paths}) as _texts, "
            f"json_type(_payload, {stream.paths}) as _types from lines) "
            f"select _payload, _texts, {stream.keyed()} as _key, "
            f"coalesce(_version, {stream.versioned()}) as _version, _order, _deleted, "
            f"{stream.complaint()} as _why from apart"
        )
        try:
            for number, piece in enumerate(_pieces(file)):
                begin = "insert into stage by name" if number else "create or replace temp table stage as"
                self.rows(f"{begin} {stage}", str(piece))
        except (duckdb.InvalidInputException, duckdb.ConversionException) as e:
            raise Truncated(
                f"{stream.source} {stream.name}: a line is no JSON ({str(e).splitlines()[0][:90]}); "
                "nothing of it was loaded."
            ) from None

    def _fresh(self, stream: Stream, which: str) -> None:
        """`fresh`: of the whole records of `stage` for which the SQL `which` holds, the newest of each key."""
        self._con.execute(
            f"create or replace temp table fresh as select {stream.values()}, _payload, _key, _version, _deleted, "
            f"{NOW} as _loaded_at from stage where _why = '' and {which} "
            "qualify row_number() over (partition by _key order by _version desc, _order desc) = 1"
        )

    def _merged(self, stream: Stream) -> LoadCounts:
        """What `fresh` adds and changes, done."""
        added, changed, whole = self.rows(
            "select count(*) filter (t._key is null), count(*) filter "
            "(s._version >= t._version and (s._payload <> t._payload or s._deleted <> t._deleted)), "
            f"count(*) from fresh s left join {stream.table} t on s._key = t._key"
        )[0]
        self.rows(
            f"update ingest.quarantine set resolved_at = {NOW} where source = ? and stream = ? and resolved_at is null "
            "and key in (select _key from fresh)",
            stream.source, stream.name
        )
        self._con.execute(
            f"merge into {stream.table} t using fresh s on t._key = s._key "
            f"when matched and s._version >= t._version then update set {self._all(stream)} "
            "when not matched then insert by name"
        )
        return LoadCounts(added=added, changed=changed, same=whole - added - changed)

    def _drift(self, stream: Stream) -> None:
        """Fields that no record had before, and those that every record had and none of many has now, go on record;
        both are accepted. What a stream's first load has is what it had before."""
        mine = (stream.source, stream.name)
        first = not self.rows("select 1 from ingest.loads where source = ? and stream = ? limit 1", *mine)
        self._con.execute(
            "create or replace temp table met as select field, sum(many) = (select count(*) from stage) as always "
            "from (select unnest(keys) as field, many from ("
            f"select json_keys(_payload, '{stream.fields}') as keys, count(*) as many from stage group by keys)) "
            "group by field"
        )
        known = "(select field, always from ingest.fields where source = ? and stream = ?)"
        if not first:
            self.rows(
                f"insert into ingest.drift select ?, ?, field, 'came', {NOW} from met "
                f"where field not in (select field from {known})",
                *mine, *mine
            )
            self.rows(
                f"insert into ingest.drift select ?, ?, field, 'went', {NOW} from {known} "
                f"where always and field not in (select field from met) and (select count(*) from stage) >= {MANY}",
                *mine, *mine
            )
            self.rows(
                "update ingest.fields set always = false where source = ? and stream = ? "
                "and field not in (select field from met where always)",
                *mine
            )
        self.rows(
            f"insert into ingest.fields select ?, ?, field, always, {NOW} from met "
            f"where field not in (select field from {known})",
            *mine, *mine
        )

    def _set_aside(self, stream: Stream) -> None:
        """Broken records into quarantine, once each."""
        mine = (stream.source, stream.name)
        self.rows(
            f"insert into ingest.quarantine select ?, ?, coalesce(_key, '?'), _why, _payload, {NOW}, null from stage "
            "where _why <> '' and coalesce(_key, '?') not in "
            "(select key from ingest.quarantine where source = ? and stream = ? and resolved_at is null) "
            "qualify row_number() over (partition by coalesce(_key, '?') order by _version desc, _order desc) = 1",
            *mine, *mine
        )

    def reasons(self, stream: Stream) -> list[tuple[str, int]]:
        """Why records of a stream are in quarantine, and how many for each reason, most first."""
        return self.rows(
            "select why, count(*) as many from ingest.quarantine "
            "where source = ? and stream = ? and resolved_at is null group by why order by many desc, why",
            stream.source, stream.name
        )
