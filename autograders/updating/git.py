"""git, as far as `labs update` needs it: one call a method, its failure one line."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from environments.errors import LabsError

LOCKED = ("another git command is at work here, or was killed.\n"
          "If none is running, remove {}; then run labs update again.")
ROOM = "What you wrote is still there. Make room (`df -h .` shows how much is free), then run labs update again."
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "LC_ALL": "C"}


class Git:
    """The repository whose work tree is a folder."""

    def __init__(self, root: Path):
        self.root = root

    @staticmethod
    def of(root: Path) -> "Git | None":
        """The repository of which this folder is the root; None where there is none, or no git."""
        git = Git(root)
        if not shutil.which("git") or not (root / ".git").exists():
            return None
        git("rev-parse", "--git-dir")
        return git

    def __call__(
        self, *arguments: str, stdin: bytes | None = None, raw: bool = False, env: dict[str, str] | None = None
    ):
        """What a command prints. Raises LabsError with git's reason."""
        done = self.run(*arguments, stdin=stdin, env=env)
        if done.returncode:
            raise LabsError(self._reason(arguments, done.stderr.decode(errors="replace")))
        return done.stdout if raw else done.stdout.decode(errors="surrogateescape").strip("\n")

    def run(
        self, *arguments: str, stdin: bytes | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess:
        given: dict = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
        return subprocess.run(["git", "-c", "core.quotePath=false", *arguments], cwd=self.root, capture_output=True,
                              env=os.environ | QUIET | (env or {}), **given)

    def asked(self, *arguments: str) -> str:
        """What a command prints; nothing where it fails."""
        done = self.run(*arguments)
        return "" if done.returncode else done.stdout.decode(errors="surrogateescape").strip("\n")

    def paths(self, *arguments: str, env: dict[str, str] | None = None) -> list[str]:
        """What a command with -z prints."""
        return [path for path in self(*arguments, env=env).split("\0") if path]

    def blob(self, revision: str, path: str) -> bytes | None:
        """A file's content in a commit, None where it has no such file."""
        done = self.run("cat-file", "blob", f"{revision}:{path}")
        return None if done.returncode else done.stdout

    def _reason(self, arguments: tuple[str, ...], said: str) -> str:
        if re.search("No space left on device|unable to write|Disk quota exceeded", said):
            return f"git {arguments[0]} could not write: the disk is full, or writing is not allowed here.\n{ROOM}"
        if lock := re.search(r"'([^']+\.lock)'", said):
            return LOCKED.format(lock[1])
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        told = next(
            (line for line in lines if line.startswith(("fatal:", "error:"))), (lines or ["it gave no reason"])[0]
        )
        return f"git {arguments[0]}: {re.sub('^(fatal|error): ', '', told)}"
