"""Teaspoon's reference tracking plan, from which later labs start: `tracking_plan.yaml` beside this file."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from environments.tracking import Plan

REFERENCE = Path(__file__).with_suffix(".yaml")


def reference() -> "Plan":
    """The plan. Every clean event of any world gets through its door; each recorded defect is kept out."""
    from environments.tracking import read

    return read(REFERENCE)
