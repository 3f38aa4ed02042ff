"""The samples under datasets/samples: the first rows of what a world holds, small enough to commit.

    python -m datasets.sample      # make them again
"""

from collections.abc import Callable
from pathlib import Path

from datasets import crm
from datasets.world import World

FOLDER = Path(__file__).parent / "samples"
WORLD = World(seed=7, households=2000)


def crm_rows(world: World) -> str:
    """The head of the sales person's spreadsheet, as CSV."""
    return crm.spreadsheet(world).head(24).to_csv(index=False, lineterminator="\n")


# The name of each file, and what makes its text.
SAMPLES: dict[str, Callable[[World], str]] = {"crm.csv": crm_rows}


def make(folder: Path = FOLDER) -> list[Path]:
    """Write every sample; a few kilobytes each, the same bytes on every machine."""
    folder.mkdir(exist_ok=True)
    for name, text in SAMPLES.items():
        (folder / name).write_text(text(WORLD), encoding="utf-8", newline="\n")
    return [folder / name for name in SAMPLES]


if __name__ == "__main__":
    for path in make():
        print(f"{path.stat().st_size:6,} bytes  {path.name}")
