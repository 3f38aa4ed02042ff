"""The samples under datasets/samples: the first rows of what a world holds, small enough to commit.

    python -m datasets.sample      # make them again
"""

import json
from collections.abc import Callable
from pathlib import Path

from datasets import crm
from datasets.billing import Billing
from datasets.parquet import batches
from datasets.product import Product
from datasets.world import World

FOLDER = Path(__file__).parent / "samples"
WORLD = World(seed=7, households=2000)
SMALL = World(seed=7, households=200)
ROWS = 24


def crm_rows(world: World) -> str:
    """The head of the sales person's spreadsheet, as CSV."""
    return crm.spreadsheet(world).head(ROWS).to_csv(index=False, lineterminator="\n")


def billing_changes(world: World) -> str:
    """The last changes that billing knows, as JSON lines."""
    return "".join(json.dumps(change._asdict()) + "\n" for change in Billing(SMALL).changes[-ROWS:])


def product_events(world: World) -> str:
    """The first events of the last day, as the tools got them, as CSV."""
    last = Product(SMALL).days[-1]
    rows = next(batches(Product(SMALL), range(last, last + 1))).slice(0, ROWS)
    return rows.to_pandas().to_csv(index=False, lineterminator="\n")


# The name of each file, and what makes its text.
SAMPLES: dict[str, Callable[[World], str]] = {
    "crm.csv": crm_rows,
    "billing.jsonl": billing_changes,
    "events.csv": product_events,
}


def make(folder: Path = FOLDER) -> list[Path]:
    """Write every sample; a few kilobytes each, the same bytes on every machine."""
    folder.mkdir(exist_ok=True)
    for name, text in SAMPLES.items():
        (folder / name).write_text(text(WORLD), encoding="utf-8", newline="\n")
    return [folder / name for name in SAMPLES]


if __name__ == "__main__":
    for path in make():
        print(f"{path.stat().st_size:6,} bytes  {path.name}")
