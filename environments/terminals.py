"""`labs` and `nbgrader` are found in every terminal and kernel of a Jupyter that runs from the course's environment.

JupyterLab's terminals are login shells, and /etc/profile sets PATH again. So this is an extension of the server
itself, which is there no matter what started it: `labs start`, a hub, Binder. `pyproject.toml` installs the file that
enables it.
"""

import os
import shutil
import sys
from pathlib import Path

SHELLS = Path(__file__).with_name("shells")
BIN = "LABS_BIN"  # where the files in `shells` find the folder of the course's commands


def _jupyter_server_extension_points() -> list[dict]:
    return [{"module": __name__}]


def _link_jupyter_server_extension(app) -> None:
    """Called before any extension is loaded, that of the terminals among them.
    A shell that was chosen by setting stays."""
    folder = str(Path(sys.executable).parent)
    os.environ[BIN] = folder
    os.environ["PATH"] = os.pathsep.join([folder, *filter(None, [os.environ.get("PATH")])])
    shell = os.environ.get("SHELL") or shutil.which("bash") or shutil.which("sh")
    if shell and "shell_command" not in app.terminado_settings:
        app.terminado_settings = {**app.terminado_settings, "shell_command": shell_command(shell)}


def _load_jupyter_server_extension(app) -> None:
    """All is done by now."""


def shell_command(shell: str) -> list[str]:
    """How to start this shell so that it reads what a login shell does,
    and has LABS_BIN first on its PATH after that."""
    name = Path(shell).name
    if name == "bash":
        return [shell, "--rcfile", str(SHELLS / "bashrc"), "-i"]
    if name == "zsh":
        return ["env", f"LABS_ZDOTDIR={os.environ.get('ZDOTDIR', '')}", f"ZDOTDIR={SHELLS / 'zsh'}", shell, "-l"]
    if name == "fish":
        return [shell, "-l", "-C", f"set -gx PATH ${BIN} $PATH"]
    if name in ("sh", "dash", "ash", "ksh", "mksh"):
        return ["env", f"ENV={SHELLS / 'shrc'}", shell, "-l"]
    return [shell]  # its PATH is the server's, as long as it is no login shell
