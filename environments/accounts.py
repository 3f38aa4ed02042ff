"""Whom processes run as: where we are root, servers and graded notebooks run under an ordinary account."""

import contextlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from environments.errors import LabsError

_kept: list[Any] = []


def cached_by_account(function: Callable) -> Callable:
    """functools.cache, until this process becomes another account."""
    _kept.append(cache(function))
    return _kept[-1]


def become(user: int, group: int) -> None:
    """Be this account from here on, without any other group. What root was told no longer holds."""
    os.setgroups([])
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)
    for function in _kept:
        function.cache_clear()


@cached_by_account
def server_user() -> dict:
    """How to start PostgreSQL when we are root, which it refuses to be: subprocess arguments for another account."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise LabsError("PostgreSQL will not run as root, and this machine has neither an account postgres nor nobody.\n"
                    "Run the course as an ordinary user.")


def open_folder(path: Path) -> Path:
    """This folder, made where it is missing; as root, whatever the umask, the server's account may enter it."""
    path.mkdir(parents=True, exist_ok=True)
    if server_user() and path.stat().st_uid == 0 and not path.stat().st_mode & 0o001:
        path.chmod(0o755)
    return path
