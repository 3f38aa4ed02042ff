"""How a check asks a student's function, and how it fails: the call, what came back, what was due, where to look."""

import inspect
import textwrap
import threading
import traceback
from collections.abc import Callable
from typing import NoReturn

WIDTH = 78  # nbgrader's Validate cuts lines at 83 characters


class CheckFailed(AssertionError):
    """A check's verdict. Its text is the whole message: a student sees no traceback of ours."""

    def __init__(self, call: str, got: str, due: str, look: str):
        lines = [_folded(call, ""), _folded(got, "  "), _folded(f"expected {due}", "  "), _folded(f"look at: {look}", "  ")]
        super().__init__("\n".join(lines))

    def _render_traceback_(self) -> list[str]:
        """IPython's own hook: what a notebook, and Validate after it, shows of this error."""
        return str(self).splitlines()


class Asked:
    """A student's function under question.

        lag = Asked(lag_bytes, look="which function reports the last *replayed* position")
        got = lag.number(primary, standby, when="with replay paused")
        lag.expect(got > 0, "more than 0: the standby has not replayed the inserts yet")
    """

    def __init__(self, function: Callable, look: str):
        self.function = function
        self.look = look
        self.call = self.got = ""

    def __call__(self, *arguments, when: str = "", within: float = 20):
        """What the function returns. CheckFailed where it is not written, raises, or does not end in `within` seconds."""
        self._name_call(when)
        outcome = self.outcome(*arguments, when=when, within=within)
        if isinstance(outcome, NotImplementedError):
            self.fail("an answer in place of `raise NotImplementedError()`", got="is not written yet")
        if isinstance(outcome, BaseException):
            self.fail("no error", got=f"raised {_described(outcome)}")
        return outcome

    def outcome(self, *arguments, when: str = "", within: float = 20):
        """What the function returns or the exception it raises, as a value."""
        self._name_call(when)
        if not callable(self.function):
            self.fail("a function", got=f"is {_short(self.function)}")
        box: list = []
        thread = threading.Thread(target=_run, args=(self.function, arguments, box), daemon=True)
        thread.start()
        thread.join(within)
        if not box:
            self.fail(f"an end within {within:g} s", got="was still running")
        self.got = f"returned {_short(box[0])}"
        return box[0]

    def number(self, *arguments, when: str = "", within: float = 20) -> float:
        """What the function returns, as a float. CheckFailed where it is no number."""
        value = self(*arguments, when=when, within=within)
        try:
            if isinstance(value, (str, bytes, bool)):
                raise TypeError
            return float(value)
        except (TypeError, ValueError):
            self.fail("a number")

    def expect(self, holds: bool, due: str, got: str = "") -> None:
        if not holds:
            self.fail(due, got)

    def fail(self, due: str, got: str = "") -> NoReturn:
        raise CheckFailed(self.call, got or self.got, due, self.look) from None

    def _name_call(self, when: str) -> None:
        name = getattr(self.function, "__name__", "your answer")
        try:
            parameters = ", ".join(inspect.signature(self.function).parameters)
        except (TypeError, ValueError):
            parameters = "..."
        self.call = f"{name}({parameters}) {when}".strip()
        self.got = "ended"


def _run(function: Callable, arguments: tuple, box: list) -> None:
    try:
        box.append(function(*arguments))
    except BaseException as e:  # also SystemExit: quit() in an answer ends the answer, not the grading
        box.append(e)


def _described(error: BaseException) -> str:
    """The error's first line, and the line of the student's own code it came through last."""
    text = f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if "ipykernel" in frame.filename or "<ipython" in frame.filename]
    return text + (f"  (your line: {own[-1].line.strip()})" if own and own[-1].line else "")


def _short(value) -> str:
    try:
        text = repr(value)
    except Exception as e:  # a student's class may have a broken __repr__
        text = f"a {type(value).__name__} whose repr raises {type(e).__name__}"
    return text if len(text) <= 160 else text[:157] + "..."


def _folded(text: str, indent: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
