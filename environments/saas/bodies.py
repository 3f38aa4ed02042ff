"""What an API answered, as records, and back: a JSON object or list, JSON lines, or a zip of gzipped JSON lines."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from zlib import crc32

import orjson

Change = Callable[[list[dict]], list[dict]]
IDS = ("id", "$insert_id", "insert_id", "uuid")
KINDS = ("object", "event", "event_type")  # where Stripe, Mixpanel and Amplitude say what a record is


def rewritten(body: bytes, change: Change) -> bytes:
    """The same kind of body with its records changed. What is no list of records is one record, or left alone."""
    if body.startswith(b"PK"):
        return _zip(body, change)
    try:
        return _json(orjson.loads(body), change)
    except orjson.JSONDecodeError:
        return _lines(body, change)


def _json(value, change: Change) -> bytes:
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        value["data"] = change(value["data"])
    elif isinstance(value, dict):
        value = next(iter(change([value])), {})
    elif isinstance(value, list):
        value = change(value)
    return orjson.dumps(value)


def _lines(body: bytes, change: Change) -> bytes:
    try:
        records = [orjson.loads(line) for line in body.splitlines() if line]
    except orjson.JSONDecodeError:
        return body
    return b"".join(orjson.dumps(record) + b"\n" for record in change(records))


def _zip(body: bytes, change: Change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            # By line even where there is only one: a file may come to hold none, or two.
            lines = _lines(gzip.decompress(old.read(name)), change)
            new.writestr(zipfile.ZipInfo(name), gzip.compress(lines, 1, mtime=0))
    return out.getvalue()


def inside(value, kind: str) -> Iterator[dict]:
    """The objects of a kind in a record, itself included, however deep; without a kind the record alone."""
    if not kind:
        yield value
    elif isinstance(value, dict):
        if any(value.get(key) == kind for key in KINDS):
            yield value
        for part in value.values():
            yield from inside(part, kind)
    elif isinstance(value, list):
        for part in value:
            yield from inside(part, kind)


def chosen(record: dict, every: int) -> bool:
    """Whether a record is one of every so many: by its own id, so that it is the same one in every answer."""
    return every <= 1 or crc32(identity(record)) % every == 0


def identity(record: dict) -> bytes:
    """What a record is known by: its id, else all that it says."""
    for place in (record, record.get("properties")):
        if isinstance(place, dict):
            for name in IDS:
                if place.get(name):
                    return str(place[name]).encode()
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def place_of(record: dict, field: str) -> tuple[dict, str] | None:
    """The object that holds a dotted field, and the field's last name; None where the record has no such field."""
    *way, last = field.split(".")
    here: object = record
    for name in way:
        here = here.get(name) if isinstance(here, dict) else None
    return (here, last) if isinstance(here, dict) and last in here else None
