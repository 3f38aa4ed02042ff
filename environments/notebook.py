"""What goes wrong predictably is one line in a notebook:
an answer that is not written yet, a server of ours that is slow.

IPython asks us how to show these errors. The cell still ends with one, so Run All stops there; every other error keeps
its traceback. It holds for every notebook that imports from here, also for labs that were handed out before.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from environments import unwritten
from environments.busy import share

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def install(shell=None) -> None:
    """Have this process's notebook say it so. Harmless where there is none, and the second time."""
    shell = shell or unwritten.running_shell()
    if shell:
        shell.set_custom_exc((NotImplementedError, OSError), _show)  # the errors of requests are OSErrors


def explain(words: Callable[[BaseException], str]) -> None:
    """Have one more kind of error said in words; `words` gives none for those of which it knows nothing.

    IPython keeps one handler: who set another would take away this one.
    """
    if words not in EXPLAINED_BY:
        EXPLAINED_BY.append(words)


def _show(shell, kind, error, trace, tb_offset=None) -> list[str] | None:
    words = next(filter(None, (say(error) for say in EXPLAINED_BY)), "")
    if not words:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        return None
    error.args = (words,)  # also for those who print the error itself
    shell._showtraceback(kind, error, [words])
    return [words]


def too_late(error: BaseException) -> str:
    """One line where an HTTP client gave up waiting for a server on this machine; empty for every other error."""
    request = getattr(error, "request", None) if is_timeout(error) else None
    url = urlsplit(str(getattr(request, "url", "")))
    if request is None or url.hostname not in LOOPBACK:
        return ""
    why = "this machine is busy just now" if share() < 0.5 else "unless a fault delays it, this machine was busy"
    return f"no answer to {request.method} {url.path} in time ({type(error).__name__}): {why}. Run this cell again."


def is_timeout(error: BaseException | None) -> bool:
    """A client's own, as of requests or httpx; a plain TimeoutError is none."""
    return any(kind.__name__.endswith("Timeout") for kind in type(error).__mro__)


EXPLAINED_BY: list[Callable[[BaseException], str]] = [unwritten.message_of, too_late]
