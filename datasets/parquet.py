"""The product's events as partitioned Parquet, a folder a month, in memory that does not grow with their number.

    python -m datasets.parquet --size large FOLDER
    write(Product.apart(seed=7, households=20_000), folder)

One row is one event as its tool got it, with the mess that fits into typed columns; `event_id` twice is a duplicate.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from datasets.mess import OTHER_PLATFORMS, Mess, Messy, spelt
from datasets.product import Product, date_of
from datasets.product_devices import platform, release
from datasets.product_ids import INSERT, mixed
from datasets.product_plan import CODE, NAMES, PLATFORMS, RELEASES
from datasets.product_sessions import STRANGER, TEST, VISIT
from datasets.sizes import SIZES
from datasets.words import CITIES

ROW_GROUP = 2**17  # rows that are kept until they are written
SPELLINGS = [name for plain in NAMES for name in spelt(plain)]
PLATFORM_NAMES = [name for plain, others in zip(PLATFORMS, OTHER_PLATFORMS) for name in (plain, *others)]
VERSIONS = [version for column in RELEASES for version, _ in column]
SCHEMA = pa.schema([
    pa.field("event_id", pa.int64()),                 # the same on a row that was sent twice
    pa.field("tool", pa.dictionary(pa.int8(), pa.string())),
    pa.field("event", pa.dictionary(pa.int8(), pa.string())),
    pa.field("time", pa.timestamp("ms", "UTC")),      # by the device's clock
    pa.field("received_at", pa.timestamp("ms", "UTC")),
    pa.field("user_id", pa.int32()),                  # people.id; null while nobody has signed up or in
    pa.field("device_id", pa.int64()),
    pa.field("session_id", pa.int64()),
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
    """All events, or those of some days, in files `month=2026-06/events.parquet`; FileExistsError where one is there."""
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
    """The rows of some days as Arrow."""
    mess = Mess(product)
    for day in days:
        for messy in mess.batches(day):
            if len(messy):
                yield batch(product, messy)


def batch(product: Product, messy: Messy) -> pa.RecordBatch:
    """The columns of SCHEMA; words are codes of dictionaries that are the same in every batch."""
    return pa.RecordBatch.from_arrays([*_when_and_what(product, messy), *_who_and_where(messy), *_about(product, messy)], schema=SCHEMA)


def _when_and_what(product: Product, messy: Messy) -> list[pa.Array]:
    e, web = messy.events, messy.events.of("web")
    return [
        pa.array(mixed(messy.keys(), product.cast.seed, INSERT).view(np.int64)), _words(~web, ["mixpanel", "amplitude"]),
        _words(e.code * 5 + messy.spelling, SPELLINGS), _moments(e.time + messy.skew), _moments(messy.received)]


def _who_and_where(messy: Messy) -> list[pa.Array]:
    e, its = messy.events, messy.events.sessions
    on = platform(its)
    unknown = ~e.known() | (its.kind == TEST)[e.session]
    return [
        pa.array(its.who.astype(np.int32)[e.session] + 1, mask=unknown), pa.array(its.device[e.session]),
        pa.array((its.device * 2**20 + its.at // 60 % 2**20)[e.session]),
        _words((on * 3)[e.session] + messy.variant, PLATFORM_NAMES), _words((on * len(RELEASES[0]) + release(its))[e.session], VERSIONS),
        _words(its.city[e.session], [city[0] for city in CITIES])]


def _about(product: Product, messy: Messy) -> list[pa.Array]:
    e = messy.events
    orders = product.cast.orders["total"]
    placed = e.code == CODE["Order Placed"]
    ref = np.where(placed, e.of("ref"), -1)
    total = np.append(orders, 0)[ref].astype(np.int32)
    return [pa.array(e.recipe + np.int16(1), mask=(e.recipe < 0) | messy.missing),
            pa.array(ref.astype(np.int32) + np.int32(1), mask=~placed | messy.missing), pa.array(total, mask=~placed),
            pa.array(e.number), pa.array(e.of("kind") == TEST)]


def _words(codes: np.ndarray, words: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(words))


def _moments(milliseconds: np.ndarray) -> pa.Array:
    return pa.array(milliseconds).cast(pa.timestamp("ms", "UTC"))


def _write_month(product: Product, days: range, file: Path) -> int:
    rows, waiting = 0, []
    part = file.with_suffix(".part")
    with pq.ParquetWriter(part, SCHEMA) as out:
        for one in batches(product, days):
            waiting.append(one)
            rows += len(one)
            if sum(map(len, waiting)) >= ROW_GROUP:
                _flush(out, waiting)
        _flush(out, waiting)
    part.replace(file)  # a run that is killed leaves no half file
    return rows


def _flush(out: pq.ParquetWriter, waiting: list[pa.RecordBatch]) -> None:
    if waiting:
        out.write_table(pa.Table.from_batches(waiting), row_group_size=2 * ROW_GROUP)
        waiting.clear()


def _months(days: range) -> list[tuple[str, range]]:
    names = [date_of(day).isoformat()[:7] for day in days]
    firsts = [n for n, name in enumerate(names) if n == 0 or names[n - 1] != name]
    return [(names[a], days[a:b]) for a, b in zip(firsts, [*firsts[1:], len(days)])]


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
    print(f"{done.rows:,} events in {len(done.files)} files, {done.seconds:.1f} s, {done.rows_per_second:,.0f} a second")


if __name__ == "__main__":
    main()
