"""Where the course is, and where this process keeps its state."""

import os
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]


def place() -> Path:
    """Where this process's workspace is, or would be."""
    return Path(os.environ.get("LABS_HOME") or COURSE / ".labs").expanduser().absolute()
