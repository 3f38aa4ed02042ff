"""Each lab's home, `autograders/checks/lab_NN`: its checks, what they share, and what proves them.

Known answers stand in `answers/right` and `answers/wrong`, attacks in `attacks`, mutants that may pass in
`equivalent.toml`, which case covers which clause of a docstring in `clauses.toml`. They are for instructors: students'
copies do not hold them, no sandbox shows them, and no verdict depends on them.
"""

from pathlib import Path

from environments.place import COURSE

CHECKS = COURSE / "autograders" / "checks"
LISTED = "equivalent.toml"
CLAUSES = "clauses.toml"
PROOFS = ("answers", "attacks", LISTED, CLAUSES)  # what proves the checks, in a home


def home(number: str) -> Path:
    """The folder of the lab of this number."""
    return CHECKS / f"lab_{number}"


def proofs() -> list[Path]:
    """The folders and files that prove the checks of all labs."""
    return sorted(place for name in PROOFS for place in CHECKS.glob(f"lab_*/{name}"))


def is_proof(file: Path) -> bool:
    """Whether a file, by its path in the course, is there to prove checks."""
    return file.parts[:2] == ("autograders", "checks") and file.parts[3:4] in [(name,) for name in PROOFS]
