"""What a type checker refuses in files, given as texts by their name; nothing of them is run.

    refused_python({"tracking.py": ..., "calls.py": ...})    # [("calls.py", 3, "Missing required key ...")]
    refused_typescript({"tracking.ts": ..., "calls.ts": ...})  # None where this machine has no compiler
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from environments.errors import LabsError

WITHIN = 60  # seconds; both take one or two
Refused = list[tuple[str, int, str]]  # file, line, and why
PYTHON = re.compile(r"(?m)^ERROR \s*(?:.*/)?([^/\s]+\.py):(\d+):[^ ]* (.*?)(?: \[[\w-]+\])?$")
TYPESCRIPT = re.compile(r"(?m)^(?:.*/)?([^/\s]+\.ts)\((\d+),\d+\): error TS\d+: (.*)$")


def refused_python(files: dict[str, str]) -> Refused:
    """By pyrefly, which the course brings."""
    pyrefly = shutil.which("pyrefly", path=str(Path(sys.executable).parent))
    if pyrefly is None:
        raise LabsError("there is no pyrefly beside this Python.", "Run `make setup`.")
    settings = {"pyrefly.toml": 'preset = "default"\n'}
    command = [pyrefly, "--color", "never", "check", "--output-format", "min-text", "--threads", "1"]
    return _refused(command, files | settings, PYTHON)


def refused_typescript(files: dict[str, str]) -> Refused | None:
    """By TypeScript's own compiler, which the course does not bring."""
    tsc = shutil.which("tsc")
    return _refused([tsc, "--noEmit", "--strict", "--pretty", "false", *files], files, TYPESCRIPT) if tsc else None


def _refused(command: list[str], files: dict[str, str], told: re.Pattern) -> Refused:
    with TemporaryDirectory(prefix="typecheck-") as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=WITHIN)
    found = [(file, int(line), why) for file, line, why in told.findall(ended.stdout)]
    if ended.returncode and not found:
        raise LabsError(f"{Path(command[0]).name} failed: {ended.stderr.strip()[:200] or ended.stdout.strip()[:200]}.",
                        "Run it by hand on the files.")
    return found
