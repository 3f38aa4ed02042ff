"""How a check asks a student's function, and how it fails: the call, what came back, what was due, where to look."""

import ctypes
import inspect
import io
import math
import reprlib
import sys
import textwrap
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import NoReturn

from autograders import cases
from autograders.zones import standing_in
from environments import unwritten
from environments.busy import FLOOR, FairClock
from environments.errors import MachineTooBusy
from environments.notebook import is_timeout

SHOWN = 83  # characters of a line at which nbgrader's Validate cuts it off
WIDTH = 78
DEADLINE = 30  # seconds; generous, for a machine five times slower must not fail a right answer
PATIENT = 5  # seconds; who gives a server less is impatient, whatever the machine does
MAX_OUTPUT = 2000  # characters of what an answer prints that are shown
ATOMS = {bool, int, float, str, bytes, type(None), Decimal, date, datetime}
PLAIN = ATOMS | {set, bytearray}
TABLES = ("ndarray", "DataFrame", "Series")
UNCHANGED = "what it was given to stay as it was"
CHAIN = 8  # errors that were raised from one another, of which a check hears


class CheckFailed(AssertionError):
    """A check's verdict. Its text is the whole message: a student sees no traceback of ours."""

    def __init__(self, call: str, got: str, due: str, look: str, repeat: str = ""):
        """`repeat` is the call as code, for a student to run in the notebook. Where it is folded it stays code."""
        lines = [_folded(call, ""), _folded(got, "  "), _folded(f"expected {due}", "  ")]
        lines += [_folded(f"repeat: {repeat}", "  ", splits=False)] if repeat else []
        super().__init__("\n".join([*lines, _folded(f"look at: {look}", "  ")]))
        self.look = look

    def _render_traceback_(self) -> list[str]:
        """IPython's own hook: what a notebook, and Validate after it, shows of this error."""
        return str(self).splitlines()


class NotWritten(CheckFailed):
    """The verdict on an answer of which only the stub is there: one line, which names it and says where to write it."""

    def __init__(self, words: str):
        AssertionError.__init__(self, _folded(words, "", SHOWN))
        self.look = words


class StillRunning(BaseException):
    """A student's function did not answer in time. No check's `except Exception` takes it for an answer."""


class NoVerdict(BaseException):
    """This machine was too busy for an answer to come in time. No `except Exception` takes it for one, either."""


@dataclass(frozen=True)
class CallResult:
    """How a call of a student's function ended: with a value, as it came and as it was read, or with an error."""

    came: object = None
    value: object = None
    error: BaseException | None = None
    took: float = 0

    @property
    def described(self) -> str:
        if self.error is not None:
            return f"raised {_in_words(self.error)}"
        return f"returned {short(self.value if isinstance(self.value, list) else self.came)}"


class CheckedFunction:
    """A student's function under question.

        lag = CheckedFunction(lag_bytes, look="which function reports the last *replayed* position")
        got = lag.number(primary, standby, when="with replay paused")
        lag.expect(got > 0, "more than 0: the standby has not replayed the inserts yet")

    The function gets copies of lists, dicts, tables and the like: what a check is given stays as it was, so it may be
    compared with afterwards. A function that changes them fails, unless it `may_change` them.
    """

    def __init__(self, function: Callable, look: str, may_change: bool = False):
        self.function = function
        self.look = look
        self.may_change = may_change
        self.call = self.got = self.when = ""
        self.afterwards: Callable[[], None] = lambda: None  # what is looked at after each call, whatever it returned
        self.local_zone: str | None = None  # of the process in which the function runs; the machine's own if None

    def __call__(self, *arguments, when: str = "", within: float = DEADLINE):
        """What the function returns. CheckFailed where it is not written, raises, or does not end within the time."""
        return self._value(arguments, when, within)

    def number(self, *arguments, when: str = "", within: float = DEADLINE) -> float:
        """What the function returns, as a float. CheckFailed where it is no number."""
        return self._value(arguments, when, within, _number)

    def items(self, *arguments, when: str = "", within: float = DEADLINE) -> list:
        """What the function returns, as a list. CheckFailed where it is not a collection."""
        return self._value(arguments, when, within, _items, list)

    def truth(self, *arguments, when: str = "", within: float = DEADLINE) -> bool:
        """Whether the function returns something true."""
        return self._value(arguments, when, within, bool)

    def ended(
        self, *arguments, when: str = "", within: float = DEADLINE, read: Callable = lambda value: value
    ) -> CallResult:
        """How the function ended, an error included. CheckFailed where it is not written or does not end.

        `read` is what is done with the value, such as `list`: a generator raises only when it is read.
        """
        return self._ended(arguments, when, within, read)

    def expect(self, holds: bool, due: str, got: str = "") -> None:
        cases.keep(self._name, self.case, due)
        if not holds:
            self.fail(due, got)

    def fail(self, due: str, got: str = "") -> NoReturn:
        raise CheckFailed(self.call, got or self.got, due, self.look) from None

    def _fail_unwritten(self, error: NotImplementedError) -> NoReturn:
        if words := unwritten.message_of(error):
            raise NotWritten(words) from None
        if told := unwritten.SAID.fullmatch(str(error)):  # graded, it comes from another process
            raise NotWritten(told[0]) from None
        code = self.function.__code__ if inspect.isfunction(self.function) else None
        if not error.args and (code is None or unwritten.raised_by(error) is code):
            # The comment of the stub was deleted.
            cell = f": {unwritten.where(code.co_filename)}" if code else ""
            raise NotWritten(unwritten.said(self._name) + cell) from None
        self.fail("an answer")

    def _value(self, arguments: tuple, when: str, within: float, *read: Callable):
        ended = self._ended(arguments, when, within, *read)
        if isinstance(ended.error, _WrongKind):
            self.fail(ended.error.due, got=f"returned {short(ended.error.value)}")
        if ended.error is not None:
            self.fail("no error")
        return ended.value

    def _ended(self, arguments: tuple, when: str, within: float, *read: Callable) -> CallResult:
        self._name_call(when)
        if not callable(self.function):
            self.fail("a function", got=f"is {short(self.function)}")
        clock = FairClock(longest=1)
        given = tuple(map(copied, arguments))
        ended = _called(self.function, given, within, read, clock, self.local_zone)
        if ended is None:
            self.fail(f"an end within {within:g} s", got="was still running")
        if _machine_timed_out(ended, clock):
            raise MachineTooBusy(f"{self._name} waited {ended.took:.0f} s for a server on this machine") from None
        self.got = ended.described
        if isinstance(ended.error, NotImplementedError):  # never an error that a check may have hoped for
            self._fail_unwritten(ended.error)
        if not self.may_change and any(now is not before for now, before in zip(given, arguments, strict=True)):
            unharmed = all(map(unchanged, arguments, given))
            self.expect(unharmed, UNCHANGED, f"changed its argument, and {self.got}")
        self.afterwards()
        return ended

    @property
    def case(self) -> str:
        """What tells this call from others of the check."""
        return self.when

    @property
    def _name(self) -> str:
        return getattr(self.function, "__name__", "your answer")

    def _name_call(self, when: str) -> None:
        self.when = when
        try:
            parameters = ", ".join(inspect.signature(self.function).parameters)
        except (TypeError, ValueError):
            parameters = "..."
        self.call = f"{self._name}({parameters}) {when}".strip()
        self.got = "ended"


# The call itself: in a thread of its own, heard but not believed

def _called(
    function: Callable, arguments: tuple, within: float, read: tuple, clock: FairClock, zone: str | None
) -> CallResult | None:
    """How the function ended, or None where it does not end in `within` seconds.

    What it prints is kept short, and a warning goes where prints go: nbgrader gives no point to a cell with stderr.
    """
    elsewhere = getattr(type(function), "answering_within", None)
    ask = standing_in(zone, function) if zone else function
    heard = _Heard()
    with redirect_stdout(heard), redirect_stderr(heard), _quit_ends_the_answer():
        if elsewhere:  # graded, it is another process's, and anyone who asks there has an end of its own
            with elsewhere(function, within):
                ended = _run(ask, arguments, read)
        else:
            ended = _run_in_a_thread(ask, arguments, read, within, clock)
    if heard.text:
        print(heard.text)
    return ended


def _run_in_a_thread(
    function: Callable, arguments: tuple, read: tuple, within: float, clock: FairClock
) -> CallResult | None:
    box: list[CallResult | None] = []
    thread = threading.Thread(target=lambda: box.append(_run(function, arguments, read)), daemon=True)
    thread.start()
    while thread.is_alive() and (left := within - clock.seconds()) > 0:
        thread.join(min(left, 0.1))
    came = list(box)  # what comes while it is stopped comes too late
    _end(thread)
    if not came and clock.fair < within * FLOOR:
        name = getattr(function, "__name__", "your answer")
        raise MachineTooBusy(f"{name} was still running after {clock.passed:.0f} s")
    return came[0] if came else None


def _run(function: Callable, arguments: tuple, read: tuple) -> CallResult | None:
    started = time.monotonic()
    try:
        came = value = function(*arguments)
        took = time.monotonic() - started
        for step in read:
            value = step(value)
        return CallResult(came, value, took=took)
    except NoVerdict:
        raise
    except StillRunning:
        return None
    except BaseException as e:  # also SystemExit: quit() in an answer ends the answer, not the grading
        return CallResult(error=e, took=time.monotonic() - started)


def _end(thread: threading.Thread) -> None:
    """Stop a function that overran at its next line; one that waits for a server ends when that does."""
    for _ in range(20):
        if thread.ident is None or not thread.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
        thread.join(0.05)


@contextmanager
def _quit_ends_the_answer() -> Iterator[None]:
    """In a kernel quit() and exit() end the kernel and all points with it; here they end the answer alone."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    names = shell.user_ns if shell else {}
    ours = {name: names[name] for name in ("quit", "exit") if name in names}
    names.update(dict.fromkeys(ours, sys.exit))
    try:
        yield
    finally:
        names.update(ours)


class _Heard(io.TextIOBase):
    """The beginning of what is written to it."""

    def __init__(self):
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text[:MAX_OUTPUT - len(self.text)]
        return len(text)


def _machine_timed_out(ended: CallResult, clock: FairClock) -> bool:
    """Whether an answer gave up waiting for a server of ours while more processes wanted a processor than there are."""
    if ended.took < PATIENT or not is_timeout(ended.error):
        return False
    clock.seconds()
    return clock.share < 0.5


# What is handed over

def copied(value):
    """A copy of a container or a table, with all in it; anything else itself: a server, a function, a number."""
    kind = type(value)
    if kind in ATOMS:  # most of what there is: a check may hand over thousands, at each of a thousand calls
        return value
    if kind is list or kind is tuple:
        return kind(map(copied, value))
    if kind is dict:
        return {key: copied(item) for key, item in value.items()}
    return value.copy() if type(value) in (set, bytearray) or _is_table(value) else value


def unchanged(before, now) -> bool:
    """Whether a copy is still as it was made, as far as it was copied."""
    if before is now:
        return True
    if type(before) is not type(now):
        return False
    if type(before) in (list, tuple):
        return len(before) == len(now) and all(map(unchanged, before, now))
    if type(before) is dict:
        return before.keys() == now.keys() and all(unchanged(item, now[key]) for key, item in before.items())
    if type(before).__name__ == "ndarray":
        return before.shape == now.shape and unchanged(before.tolist(), now.tolist())
    if _is_table(before):
        return before.equals(now)
    if type(before) in PLAIN:
        return before == now or before != before and now != now  # not a number, which equals nothing
    return True


def _is_table(value) -> bool:
    kind = type(value)
    return kind.__module__.partition(".")[0] in ("numpy", "pandas") and kind.__name__ in TABLES


class _WrongKind(Exception):
    def __init__(self, value, due: str):
        self.value, self.due = value, due


def _number(value) -> float:
    try:
        if isinstance(value, (str, bytes, bool)):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise _WrongKind(value, "a number") from None


def _items(value) -> Iterator:
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError
        return islice(iter(value), 10_000)
    except TypeError:
        raise _WrongKind(value, "a list") from None


# In words

def _in_words(error: BaseException) -> str:
    """The error, and the line of the student's own code it came through last."""
    try:
        text = f"{type(error).__name__}: {_cut(str(error), 240)}".rstrip(": ")
    except Exception:  # a student's exception may have a broken __str__
        text = type(error).__name__
    line = getattr(error, "line", "")
    if line and type(line) is str:
        return f"{text}  (your line: {_cut(line, 120)})"  # it was raised in another process
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.line for frame in frames if _in_a_cell(frame.filename) and frame.line]
    return text + (f"  (your line: {_cut(lines[-1], 120)})" if lines else "")


def texts_of(error: BaseException | None) -> list[str]:
    """The texts of an error and of those it was raised from, as a traceback shows them."""
    if isinstance(told := getattr(error, "texts", None), list):
        return told  # it was raised in another process
    found: list[str] = []
    while error is not None and len(found) < CHAIN:
        found.append(safe_str(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def safe_str(value) -> str:
    """The text of a value, or where its class cannot make one, the class's name."""
    try:
        return str(value)[:4000]
    except Exception:
        return type(value).__name__


def _in_a_cell(filename: str) -> bool:
    """Whether this is the name that a notebook's cell goes by, in a kernel or in plain IPython."""
    return "ipykernel_" in filename or filename.startswith("<")


class _Brief(reprlib.Repr):
    """Numbers as a person would copy them: cents, or four digits of what is small."""

    def repr1(self, x, level):
        if isinstance(x, float) and math.isfinite(x):
            x = round(float(x), 2) if abs(x) >= 10 else float(f"{x:.4g}")
        return super().repr1(x, level)


def short(value) -> str:
    brief = _Brief()
    brief.maxstring = brief.maxother = brief.maxlong = 150
    brief.maxlist = brief.maxtuple = brief.maxset = brief.maxdict = 8
    try:
        return _cut(brief.repr(value), 160)
    except Exception as e:  # a student's class may have a broken __repr__
        return f"a {type(value).__name__} whose repr raises {type(e).__name__}"


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most - 3] + "..."


def _folded(text: str, indent: str, width: int = WIDTH, splits: bool = True) -> str:
    """The text in lines; where it `splits`, long words and words with a hyphen are broken, too."""
    return textwrap.fill(" ".join(text.split()), width, initial_indent=indent, subsequent_indent=indent + "  ",
                         break_long_words=splits, break_on_hyphens=splits)
