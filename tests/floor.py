"""The least that grading a class can take: its cells, tests included, one after another in one warm process.

    python tests/floor.py COURSE ASSIGNMENT      prints the mean CPU seconds of a submission
"""

import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # plots are drawn, as in a kernel

import nbformat  # noqa: E402
from IPython.core.interactiveshell import InteractiveShell  # noqa: E402
from IPython.utils.io import capture_output  # noqa: E402
from traitlets.config import Config  # noqa: E402


def main(root: str, name: str) -> None:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    shell = InteractiveShell.instance(config=config)
    tests = {
        c.metadata.nbgrader.grade_id: c.source
        for c in nbformat.read(Path(root) / "solutions" / name / f"{name}.ipynb", 4).cells
        if c.metadata.get("nbgrader", {}).get("locked")
    }
    submissions = sorted(Path(root).glob(f"submitted/*/{name}/{name}.ipynb"))[:20]
    sources = [[tests.get(c.metadata.get("nbgrader", {}).get("grade_id"), c.source) for c in nbformat.read(s, 4).cells
                if c.cell_type == "code"] for s in submissions]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        _run(shell, sources[0])
        print(sum(_run(shell, cells) for cells in sources) / len(sources))


def _run(shell, cells: list[str]) -> float:
    """CPU seconds of the cells alone."""
    shell.reset()
    with capture_output():
        started = time.process_time()
        for source in cells:
            shell.run_cell(source)
        return time.process_time() - started


if __name__ == "__main__":
    main(*sys.argv[1:])
