"""The product's events as partitioned Parquet, a folder a month, in memory that does not grow with their number.

    python -m datasets.parquet --size large FOLDER
    write(Product.apart(seed=7, households=20_000), folder)

One row is one event as its tool got it, with the mess that fits into typed columns; `event_id` twice is a duplicate.
"""

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas  # noqa: F401 (pyarrow would load it at its first array)
import pyarrow as pa
import pyarrow.parquet as pq

from datasets.mess import OTHER_PLATFORMS, Mess, Messy, spelt
from datasets.product import Product, date_of
from datasets.product_devices import platform, release
from datasets.product_ids import INSERT, mixed
from datasets.product_plan import CODE, NAMES, PLATFORMS, RELEASES
from datasets.product_sessions import TEST
from datasets.sizes import SIZES
from datasets.words import CITIES

ROW_GROUP = 2**17  # rows that are kept until they are written
WORDS = {
    "tool": ["mixpanel", "amplitude"],
    "event": [name for plain in NAMES for name in spelt(plain)],
    "platform": [name for plain, others in zip(PLATFORMS, OTHER_PLATFORMS, strict=True) for name in (plain, *others)],
    "app_version": [version for column in RELEASES for version, _ in column],
    "city": [city[0] for city in CITIES],
}
# A dictionary has each word once: pandas takes no other. From a code of WORDS to one of these.
ONCE = {name: list(dict.fromkeys(words)) for name, words in WORDS.items()}
CODES = {name: np.array([ONCE[name].index(word) for word in words], dtype=np.int8) for name, words in WORDS.items()}
NULL = {"user_id": 0, "recipe_id": 0, "order_id": 0, "total_cents": -1}
SCHEMA = pa.schema([
    pa.field("event_id", pa.int64()),                 # the same on a row that was sent twice
    pa.field("tool", pa.dictionary(pa.int8(), pa.string())),
    pa.field("event", pa.dictionary(pa.int8(), pa.string())),
    pa.field("time", pa.timestamp("ms", "UTC")),      # by the device's clock
    pa.field("received_at", pa.timestamp("ms", "UTC")),
    pa.field("user_id", pa.int32()),                  # people.id; null while nobody has signed up or in
    pa.field("device_id", pa.int64()),
    pa.field("session_id", pa.int64()),               # of its device: milliseconds of its first event
    pa.field("platform", pa.dictionary(pa.int8(), pa.string())),
    pa.field("app_version", pa.dictionary(pa.int8(), pa.string())),
    pa.field("city", pa.dictionary(pa.int8(), pa.string())),
    pa.field("recipe_id", pa.int16()),
    pa.field("order_id", pa.int32()),
    pa.field("total_cents", pa.int32()),
    pa.field("quantity", pa.int32()),                 # servings, items, results or stars
    pa.field("is_test", pa.bool_()),
])


@dataclass(frozen=True)
class Written:
    """What a run wrote."""

    rows: int
    seconds: float
    files: list[Path]

    @property
    def rows_per_second(self) -> float:
        return self.rows / self.seconds


def write(product: Product, folder: Path, days: range | None = None) -> Written:
    """All events, or those of some days,
    in files `month=2026-06/events.parquet`; FileExistsError where one is there."""
    begun, rows, files = time.perf_counter(), 0, []
    for month, group in _months(product.days if days is None else days):
        file = Path(folder) / f"month={month}" / "events.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            raise FileExistsError(f"{file} is there already: take an empty folder")
        rows += _write_month(product, group, file)
        files.append(file)
    return Written(rows, time.perf_counter() - begun, files)


def batches(product: Product, days: range) -> Iterator[pa.RecordBatch]:
    """The rows of some days as Arrow, some hundred thousand at a time;
    words are codes of dictionaries that never change."""
    mess, waiting, rows = Mess(product), [], 0
    for messy in (messy for day in days for messy in mess.batches(day)):
        waiting.append(columns(product, messy))
        rows += len(messy)
        if rows >= ROW_GROUP:
            yield _arrow(waiting)
            waiting, rows = [], 0
    if rows:
        yield _arrow(waiting)


def columns(product: Product, messy: Messy) -> list[np.ndarray]:
    """The columns of SCHEMA as whole numbers: codes of words, milliseconds, NULL of the type for null."""
    e, sessions, cast = messy.events, messy.events.sessions, product.cast
    on, kind = platform(sessions), sessions.kind[e.session]
    placed = e.code == CODE["Order Placed"]
    order = np.where(placed, sessions.ref[e.session], -1)
    return [
        mixed(messy.keys(), cast.seed, INSERT).view(np.int64),
        ~sessions.web[e.session],
        e.code * 5 + messy.spelling,
        e.time + messy.skew,
        messy.received,
        np.where(e.known() & (kind != TEST), sessions.who[e.session] + 1, 0),
        sessions.device[e.session],
        sessions.began[e.session],
        (on * 3)[e.session] + messy.variant,
        (on * len(RELEASES[0]) + release(sessions))[e.session],
        sessions.city[e.session],
        np.where(messy.missing, 0, e.recipe + 1),
        np.where(messy.missing, 0, order + 1),
        np.append(cast.orders["total"], 0)[order] + placed - 1,
        e.number,
        kind == TEST,
    ]


def _arrow(waiting: list[list[np.ndarray]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [_array(field, np.concatenate(parts)) for field, parts in zip(SCHEMA, zip(*waiting, strict=True), strict=True)],
        schema=SCHEMA,
    )


def _array(field: pa.Field, values: np.ndarray) -> pa.Array:
    if field.name in WORDS:
        return pa.DictionaryArray.from_arrays(
            pa.array(CODES[field.name][values.astype(np.int8)]), pa.array(ONCE[field.name])
        )
    if pa.types.is_timestamp(field.type):
        return pa.array(values).cast(field.type)
    null = NULL.get(field.name)
    return pa.array(values.astype(field.type.to_pandas_dtype()), mask=None if null is None else values == null)


def _write_month(product: Product, days: range, file: Path) -> int:
    rows, part = 0, file.with_suffix(".part")
    # One batch is written while the next is made.
    with pq.ParquetWriter(part, SCHEMA) as out, ThreadPoolExecutor(1) as writer:
        written = None
        for batch in batches(product, days):
            if written:
                written.result()
            written, rows = writer.submit(out.write_batch, batch), rows + len(batch)
        if written:
            written.result()
    part.replace(file)  # a run that is killed leaves no half file
    return rows


def _months(days: range) -> list[tuple[str, range]]:
    names = [date_of(day).isoformat()[:7] for day in days]
    firsts = [n for n, name in enumerate(names) if n == 0 or names[n - 1] != name]
    return [(names[a], days[a:b]) for a, b in zip(firsts, [*firsts[1:], len(days)], strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the product's events as Parquet, a folder a month.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=list(SIZES), default="small")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    try:
        done = write(Product.apart(asked.seed, SIZES[asked.size]), asked.folder)
    except OSError as error:
        raise SystemExit(str(error)) from None
    print(
        f"{done.rows:,} events in {len(done.files)} files, {done.seconds:.1f} s, {done.rows_per_second:,.0f} a second"
    )


if __name__ == "__main__":
    main()
