"""An answer that is not written yet is one line in a notebook, not a traceback ending in an empty NotImplementedError.

nbgrader puts a stub where a solution stood: the comment `# YOUR CODE HERE`, and `raise NotImplementedError()` below it.
That pair is what is looked for, also with the beginning of an answer in between, so a NotImplementedError that somebody
raises on purpose keeps its traceback, and labs that were handed out long ago are understood. The cell still ends with
an error: Run All stops there.
"""

import linecache
import re
import sys
from types import CodeType, FrameType, TracebackType

COMMENT = "# YOUR CODE HERE"
SAID = re.compile(r"`?([\w. ]+?)`? is not written yet")


def missing(error: BaseException) -> str:
    """The name of the answer whose stub raised this, also where others called it; empty where no stub did."""
    frame = _raised_in(error)
    if type(error) is not NotImplementedError or frame is None:
        return ""
    return _name(frame) if not error.args and _is_stub(frame) else ""


def message_of(error: BaseException) -> str:
    """One line for the person at the notebook: what is missing, and what to do. Empty where no stub raised it."""
    name, code = missing(error), raised_by(error)
    return f"{said(name)}: {where(code.co_filename, error.__traceback__)}" if name and code else ""


def said(name: str) -> str:
    return f"{name if ' ' in name else f'`{name}`'} is not written yet"


def where(cell: str, trace: TracebackType | None = None) -> str:
    """What to do about an answer in the cell of this file name, said to somebody who has just run a cell."""
    if cell in _running(trace):
        return "write it in this cell, then run it"
    return f"write it in {'the' if _ran_just_before(cell) else 'its'} cell above, then run it"


def raised_by(error: BaseException) -> CodeType | None:
    """The code whose line raised this."""
    frame = _raised_in(error)
    return frame.f_code if frame else None


def _raised_in(error: BaseException) -> FrameType | None:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace.tb_frame if trace else None


def _is_stub(frame: FrameType) -> bool:
    """Whether the comment stands above this line in the same function, as far to the right."""
    lines = linecache.getlines(frame.f_code.co_filename)
    here = "".join(lines[frame.f_lineno - 1:frame.f_lineno])
    above = [line.rstrip() for line in lines[frame.f_code.co_firstlineno - 1:frame.f_lineno - 1]]
    return here.strip().startswith("raise NotImplementedError") and _indent(here) + COMMENT in above


def _indent(line: str) -> str:
    return line[:len(line) - len(line.lstrip())]


def _name(frame: FrameType) -> str:
    """A function's name, a method's with its class; an answer that is no function has none."""
    name = frame.f_code.co_qualname.rpartition("<locals>.")[2]
    return "This answer" if name.startswith("<") else name


def _running(trace: TracebackType | None) -> set[str]:
    """The files of the cells that run now, or did when the error came up."""
    files: set[str] = set()
    frame: FrameType | None = sys._getframe()
    while frame:
        files |= {frame.f_code.co_filename} if frame.f_code.co_name == "<module>" else set()
        frame = frame.f_back
    while trace:
        files |= {trace.tb_frame.f_code.co_filename} if trace.tb_frame.f_code.co_name == "<module>" else set()
        trace = trace.tb_next
    return files


def _ran_just_before(cell: str) -> bool:
    """Whether the cell of this file was the last to run before the one that runs now."""
    shell = running_shell()
    history = shell.history_manager.input_hist_parsed if shell and shell.history_manager else []
    return len(history) > 1 and history[-2].strip() == "".join(linecache.getlines(cell)).strip()


def running_shell():
    """The IPython that we run in, a kernel's or another; None where there is none. Nothing is imported to find out."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
