"""The candidate: a process that runs the student's cells, and answers the examiner's questions about what they made."""

import ast
import asyncio
import builtins
import contextlib
import os
import re
import signal
import sys
import traceback

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type

from autograders.alone import names_from_outside
from autograders.grading.peer import Channel, Peer
from autograders.zones import stand_in
from environments import notebook

PRINTED = 100_000  # characters of a cell's output that are kept
SHOWN = 4_000_000  # characters of its pictures and tables
EACH = 1000  # characters that one of them counts for, however small
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Recorder:
    """What a cell puts out, as nbformat has it, up to a bound."""

    def __init__(self, most: int = PRINTED):
        self.outputs: list[dict] = []
        self.printed = self.shown = 0
        self.most = most

    def write(self, name: str, text: str) -> None:
        kept = text[:max(0, self.most - self.printed)]
        self.printed += len(text)
        if kept and self.outputs and self.outputs[-1].get("name") == name:
            self.outputs[-1]["text"] += kept
        elif kept:
            self.outputs.append({"output_type": "stream", "name": name, "text": kept})

    def show(self, data: dict, metadata: dict | None = None, **kind) -> None:
        if self.shown > SHOWN:
            return
        self.shown += EACH + sum(len(str(value)) for value in data.values())
        if self.shown > SHOWN:
            data, metadata = {"text/plain": "(this output, and what follows, is too large to keep)"}, {}
        self.outputs.append({**kind, "data": _plain(data), "metadata": _plain(metadata or {})})

    def finished(self) -> list[dict]:
        if self.printed > self.most:
            self.outputs.append({"output_type": "stream", "name": "stdout",
                                 "text": f"\n... {self.printed - self.most:,} more characters were printed\n"})
        return self.outputs


def _plain(value):
    """JSON's own types only: outputs go into a notebook."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, bytes):
        import base64

        return base64.b64encode(value).decode()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


class OutputStream:
    """sys.stdout or sys.stderr: what is written goes to the recorder of the cell that runs now."""

    encoding, errors, closed = "utf-8", "strict", False

    def __init__(self, shell: "Shell", name: str):
        self.shell, self.name = shell, name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.shell.recorder.write(self.name, text)
        return len(text)

    def writelines(self, lines) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def fileno(self) -> int:
        return 1 if self.name == "stdout" else 2


class _Hook(DisplayHook):
    def __call__(self, result=None):
        self.check_for_underscore()
        if result is None or self.quiet():
            return
        data, metadata = self.compute_format_data(result)
        self.update_user_ns(result)
        assert self.shell
        self.shell.recorder.show(data, metadata, output_type="execute_result", execution_count=self.prompt_count)


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, source=None, **_):
        assert self.shell
        self.shell.recorder.show(data, metadata, output_type="display_data")

    def clear_output(self, wait=False):
        assert self.shell
        self.shell.recorder.outputs.clear()


class Shell(InteractiveShell):
    """IPython as a kernel has it, but for the kernel: made once in the warm process, and forked."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def __init__(self, **settings):
        self.recorder = Recorder()
        self.loop: asyncio.AbstractEventLoop | None = (
            None  # a notebook's own, not that of the process it was forked from
        )
        super().__init__(**settings)
        assert self.history_manager
        self.history_manager.enabled = False

    def enable_gui(self, gui=None):
        pass

    def init_sys_modules(self):
        self._main_mod_cache = {}
        sys.modules["__main__"] = self.user_module

    def _showtraceback(self, etype, evalue, stb):
        self.recorder.outputs.append({"output_type": "error", "ename": str(getattr(etype, "__name__", "Error")),
                                      "evalue": _short(evalue), "traceback": [str(line)[:2000] for line in stb][-40:]})

    def transform_cell(self, raw_cell):
        """What is Python already is left alone: looking for magics takes longer than most cells."""
        with contextlib.suppress(SyntaxError, ValueError):
            ast.parse(raw_cell)
            return raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"
        return super().transform_cell(raw_cell)

    def should_run_async(self, raw_cell, **transformed) -> bool:
        """Only what says so has to be compiled to be sure."""
        return ("await" in raw_cell or "async" in raw_cell) and super().should_run_async(raw_cell, **transformed)

    def runs(self, source: str) -> tuple[list[dict], bool]:
        """The outputs of a cell, and whether it ended without an error."""
        self.recorder = Recorder()
        sys.stdout, sys.stderr = OutputStream(self, "stdout"), OutputStream(self, "stderr")
        result = (
            self.loop.run_until_complete(self._inside(source))
            if self.loop
            else self.run_cell(source, store_history=True)
        )
        return self.recorder.finished(), result.success

    async def _inside(self, source: str):
        """As a kernel does it: its one loop runs whatever the cell is, and goes on with the tasks of earlier cells."""
        transformed = self.transform_cell(source)
        if self.should_run_async(source, transformed_cell=transformed, preprocessing_exc_tuple=None):
            return await self.run_cell_async(
                source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=None
            )
        return self.run_cell(source, store_history=True)


def make_shell() -> Shell:
    """The shell of this process. Threads and files of its own it has none, so that it can be forked."""
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"  # a tenth of the time of the others
    shell = Shell.instance(config=config)
    notebook.install(shell)
    return shell


def _short(error) -> str:
    try:
        return str(error)[:4000]
    except Exception:
        return ""


class CandidatePeer(Peer):
    """The candidate's end: besides the verbs of every object, it runs cells and tells what names stand for."""

    def __init__(self, channel: Channel, shell: Shell):
        super().__init__(channel, careful=False)
        self.shell = shell

    def _done(self, verb, target, arguments, keywords):
        if verb == "run":
            return self.shell.runs(*arguments)
        if verb == "names":
            return {name: self.shell.user_ns[name] for name in arguments[0] if name in self.shell.user_ns}
        if verb == "stand_in":
            return stand_in(*arguments)
        if verb == "names_from_outside":
            return names_from_outside(self._own(target, verb, arguments))
        if verb == "await":
            assert self.shell.loop is not None
            return self.shell.loop.run_until_complete(_ended(self._own(target, verb, arguments)))
        return super()._done(verb, target, arguments, keywords)


def live(channel: Channel, shell: Shell) -> None:
    """Serve the examiner until it has no more questions. The process is the student's from here on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    shell.user_ns.update(dict.fromkeys(("quit", "exit"), _quit))
    vars(builtins).update(quit=_quit, exit=_quit)
    sys.path.insert(0, "")
    sys.stdin = open(os.devnull)
    shell.loop = asyncio.new_event_loop()
    asyncio.set_event_loop(shell.loop)
    channel.send(str(os.getpid()).encode())
    try:
        CandidatePeer(channel, shell).serve()
    except BaseException:  # its own process, its own end
        traceback.print_exc()
    os._exit(0)


async def _ended(it):
    return await it


def _quit(code=None):
    """quit() ends the cell, not the notebook: who ends an answer with it has still answered."""
    raise SystemExit(code)
