"""Two processes that ask each other: the examiner, who runs the tests, and the candidate, who runs the student's code.

Each lends the other its own objects: what arrives in place of one is a `Remote`, whose verbs are asked of the owner.
A message is a question `("ask", verb, object, arguments, keywords)` or the answer to the last one,
`("ok", value, changed arguments)` or `("raise", error)`; questions nest, for a callback may call back.
"""

import builtins
import inspect
import re
import select
import socket
import struct
import sys
import threading
import types
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any
from weakref import WeakValueDictionary

from autograders.expect import CHAIN, StillRunning, safe_str, texts_of
from autograders.grading.codec import Codec
from autograders.grading.deadline import LOOK, Deadline
from autograders.grading.held import CHANGING, Held, base_of, become, held
from autograders.grading.libraries import BY_PACKAGE
from autograders.grading.library import Library
from environments import unwritten

MAX_MESSAGE_BYTES = 64 * 1024 * 1024  # bytes of one message
FOLLOWED = 100  # objects whose values are told again when they change
NAME = 200  # characters of a name that is believed
TOLD = 30  # seconds in which an end tells of a function's text
LENDABLE = {
    "__main__", "builtins", "types", "functools", "itertools", "operator", "collections", "collections.abc",
    "contextlib", "io", "_io", "threading", "_thread", "unittest.mock",
}
NOT_PUBLIC = re.compile(
    "_|(gi|cr|ag|tb|f|co)_(frame|code|await|yieldfrom|origin|next|back|globals|locals|builtins|consts)|mro$"
)


class PeerGone(BaseException):
    """The other process is gone, or no longer speaks our language.
    No test's `except Exception` takes it for an answer."""


class Channel:
    """Messages over a connected stream socket."""

    def __init__(self, connection: socket.socket):
        self.connection = connection
        self._read = bytearray()  # what came beyond the last message
        self._comes = select.poll()
        self._comes.register(connection, select.POLLIN)

    def send(self, data: bytes, deadline: Deadline | None = None) -> None:
        """Raises Ended where nobody reads any more, or not by the deadline."""
        if len(data) > MAX_MESSAGE_BYTES:
            raise ValueError(
                f"a value of {len(data) // 2**20} MB is too large to hand over: "
                f"{MAX_MESSAGE_BYTES // 2**20} MB are the most"
            )
        left = memoryview(struct.pack(">I", len(data)) + data)
        while left:
            try:
                left = left[self.connection.send(left, 0 if deadline is None else socket.MSG_DONTWAIT):]
            except BlockingIOError:
                self._await_reader(deadline)
            except OSError as e:
                raise PeerGone(str(e)) from None

    def _await_reader(self, deadline: Deadline | None) -> None:
        assert deadline is not None  # a send without one waits by itself
        while not select.select([], [self.connection], [], max(0, min(LOOK, deadline.left())))[1]:
            if deadline.left() <= 0:
                raise PeerGone("it does not read what it is sent")

    def receive(self, deadline: Deadline | None = None) -> bytes:
        """The next message. Raises StillRunning past the deadline, Ended where none can come."""
        if deadline is not None and deadline.left() <= 0:
            raise StillRunning  # who asks without end would never be late
        size, = struct.unpack_from(">I", self._first(4, deadline))
        if size > MAX_MESSAGE_BYTES:
            raise PeerGone(f"a message of {size} bytes")
        with memoryview(self._first(4 + size, deadline)) as came:
            message = bytes(came[4:4 + size])
        del self._read[:4 + size]
        return message

    def _first(self, size: int, deadline: Deadline | None) -> bytearray:
        """What is still to be read, so many bytes of it at least."""
        while len(self._read) < size:
            while deadline is not None and not self._comes.poll(max(0, min(LOOK, deadline.left())) * 1000):
                if deadline.left() <= 0:
                    raise PeerGone("half a message") if self._read else StillRunning
            try:
                part = self.connection.recv(max(2**16, min(size - len(self._read), 2**20)))
            except OSError as e:
                raise PeerGone(str(e)) from None
            if not part:
                raise PeerGone("the connection was closed")
            self._read += part
        return self._read


class Peer:
    """One end of the conversation. `careful` is the examiner's: what it lends shows only its public names."""

    def __init__(self, channel: Channel, careful: bool):
        self.channel, self.careful = channel, careful
        self.codec = Codec(self._lend, self._borrow, not careful, self._hold)
        # By number, what stands for an object and changes with it.
        self._held: WeakValueDictionary[int, Held] = WeakValueDictionary()
        self._sent: dict[int, bytes] = {}  # by number, the value that an object had when the other end was told last
        self.lent: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._kinds: dict[int, type] = {}
        self._lock = threading.RLock()
        self._serving = 0
        self.deadline: Deadline | None = None  # past it no answer is waited for

    # Asking

    def ask(self, verb: str, target=None, arguments: tuple = (), keywords: dict | None = None):
        """What the other end answers; an error it had is raised here. Raises StillRunning past `deadline`, Ended."""
        if not self.careful and not self._serving:
            raise RuntimeError("what a test lends can be used while the test waits for you, not later")
        with self._lock:
            packed = [self.codec.encode(a) for a in arguments]
            self.channel.send(self.codec.encode(("ask", verb, target, packed, keywords or {})), self.deadline)
            while True:
                kind, *rest = self._read(self.deadline)
                if kind == "ask":
                    self._serve(*rest)
                elif kind == "ok":
                    value, changed = rest
                    for number, now in changed:
                        if isinstance(now, bytes):
                            self._renew(number, now)
                        else:
                            _become(arguments[number], now)
                    return value
                else:
                    raise self._error(*rest)

    def _read(self, deadline: Deadline | None) -> tuple:
        data = self.channel.receive(deadline)
        try:
            message = self.codec.decode(data)
            kind, *rest = message
            if (kind, len(rest)) not in (("ask", 4), ("ok", 2), ("raise", 3)):
                raise ValueError
            return message
        except (ValueError, TypeError):
            raise PeerGone("it sent what cannot be read") from None

    # Answering

    def serve(self) -> None:
        """Answer until the other end goes."""
        while True:
            try:
                kind, *rest = self._read(None)
                if kind == "ask":
                    self._serve(*rest)
            except KeyboardInterrupt:
                continue  # it came when nothing ran any more
            except PeerGone:
                return

    def _serve(self, verb, target, packed, keywords) -> None:
        self._serving += 1
        try:
            arguments = tuple(map(self.codec.decode, packed))
            answer = ("ok", self._done(verb, target, arguments, keywords), self._changes(arguments, packed))
        except BaseException as e:  # a student's code may raise anything, and quit
            if self.careful and isinstance(e, (StillRunning, PeerGone)):
                raise
            answer = ("raise", *self._described(e))
        finally:
            self._serving -= 1
        with self._lock:
            self.channel.send(self._encoded(answer), self.deadline)

    def _encoded(self, answer: tuple) -> bytes:
        try:
            data = self.codec.encode(answer)
            if len(data) > MAX_MESSAGE_BYTES:
                raise ValueError(f"the value returned is too large: {len(data) // 2**20} MB")
            return data
        except BaseException as e:  # a hostile object breaks the writing of it
            return self.codec.encode(("raise", *self._described(e)))

    def _done(self, verb: str, target, arguments: tuple, keywords: dict):
        """What the verb gives; ends add verbs of their own."""
        return VERBS[verb](self._own(target, verb, arguments), *arguments, **keywords)

    def _own(self, target, verb: str, arguments: tuple):
        """What is asked about. Of the examiner's, only what it lent: a method of any text or table, such as `format` or
        `eval`, would lead to all that it knows; and of that no private name, nor what Python shows of a running one."""
        if self.careful:
            if self.lent.get(self._numbers.get(id(target), -1)) is not target:
                raise TypeError(f"a {type(target).__name__} that was not lent")
            if verb in ("getattr", "setattr") and (type(arguments[0]) is not str or NOT_PUBLIC.match(arguments[0])):
                raise AttributeError(f"{arguments[0]!r:.80} is not public")
        return target

    def _changes(self, arguments: tuple, packed: list[bytes]) -> list:
        """What became of arguments that can change in place, where it did."""
        if self.careful:
            return []
        changed = [(n, a) for n, a in enumerate(arguments) if _can_change(a) and self.codec.encode(a) != packed[n]]
        return changed + self._news()

    def _news(self) -> list:
        """What has become of objects that stand as values at the other end."""
        now = {number: self.codec.encode_value(self.lent[number]) for number in self._sent}
        news = [(number, value) for number, value in now.items() if value != self._sent[number]]
        self._sent = now
        return news

    # Lending and borrowing

    def _lend(self, value) -> dict:
        if isinstance(value, Held):
            value = value._remote
        if isinstance(value, Remote) and value._peer is self:
            return {"yours": value._number}
        if self.careful and (self.codec.by_value(value) or not _is_harmless(value)):
            raise TypeError(f"a {type(value).__name__} cannot be lent to a student's function")
        number = self._numbers.setdefault(id(value), len(self.lent))
        self.lent[number] = value  # kept alive, so that no other object gets its id
        if not self.careful and base_of(value) in CHANGING:
            self._sent[number] = self.codec.encode_value(value)
            while len(self._sent) > FOLLOWED:
                del self._sent[next(iter(self._sent))]
        return {"number": number, **_about(value)}

    def _hold(self, about: dict, asked: list, value) -> Held:
        """What stands for an object of the other end that is a plain value as well;
        always the same one while that is in use."""
        number = about["number"]
        if there := self._held.get(number):
            become(there, value)
            return there
        made = held(value, RemoteFunction(self, about) if about["callable"] else Remote(self, about), asked)
        if type(value) in CHANGING:
            self._held[number] = made
        return made

    def _renew(self, number: int, data: bytes) -> None:
        try:
            if there := self._held.get(number):
                become(there, self.codec.decode(data))
        except (ValueError, TypeError):
            raise PeerGone("it sent what cannot be read") from None

    def _borrow(self, about: dict):
        if "yours" in about:
            return self.lent[about["yours"]]
        if about.get("bases") is not None:
            return self._kind(about)
        kind: Any = RemoteIterator if about["iterates"] else RemoteFunction if about["callable"] else Remote
        kind = RemoteAwaitable if about["awaits"] else kind
        return _awaited(kind(self, about)) if about["coroutine"] else kind(self, about)

    # Errors

    def _described(self, error: BaseException) -> tuple:
        """The class as a reference or as an exception that both sides know,
        its plain arguments, and the student's line."""
        kind = type(error)
        known = [f"{k.__module__}.{k.__qualname__}" for k in kind.__mro__]
        arguments = [a if _is_plain(a) else safe_str(a) for a in _arguments(error)]
        text = safe_str(error)
        if name := unwritten.missing(error):  # told here, where the stub's cell is known
            text = unwritten.said(name)
            arguments = [text]
        number = self._numbers.setdefault(id(kind), len(self.lent))
        self.lent[number] = kind
        about = {"number": number, "name": kind.__name__, "bases": known, "text": text, "texts": texts_of(error)}
        return about, arguments, "" if self.careful else getattr(error, "line", "") or _line_of(error)

    def _error(self, about, arguments, line) -> BaseException:
        try:
            kind = self._kind(about)
            error: Any = kind.__new__(kind, *arguments)
            error.args = tuple(arguments)
            if safe_str(error) != about["text"]:  # its words are made of more than its arguments
                told = type(kind.__name__, (kind,), {"__str__": lambda self: str(about["text"])})
                error = told.__new__(told, *arguments)
            error.line = str(line)[:200]
            error.texts = [str(text) for text in about["texts"]][:CHAIN]
            return error
        except Exception:
            return PeerGone("it sent an error that cannot be read")

    def _kind(self, about: dict) -> type:
        """The exception class of that name that we know, or one of the student's own, made here on the same base."""
        number, bases = about["number"], about["bases"]
        if number not in self._kinds:
            known = next(k for name in bases if (k := _exception(name)))
            own = _exception(bases[0]) is None and str(about["name"]).isidentifier()
            self._kinds[number] = type(about["name"][:NAME], (known,), {}) if own else known
        return self._kinds[number]


# What stands for an object of the other end

class Remote:
    """An object that lives in the other process. Its verbs run there; only plain values come back as themselves.

    It equals nothing, and is in no order: whether two things are the same is decided here, by plain values alone.
    """

    def __init__(self, peer: Peer, about: dict):
        object.__setattr__(self, "_peer", peer)
        object.__setattr__(self, "_number", about["number"])
        object.__setattr__(self, "_about", about)
        object.__setattr__(self, "__name__", str(about["name"])[:NAME])
        object.__setattr__(self, "__doc__", about["doc"])

    def _ask(self, verb: str, *arguments, **keywords):
        return self._peer.ask(verb, self, arguments, keywords)

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._ask("getattr", name)

    def __setattr__(self, name: str, value) -> None:
        self._ask("setattr", name, value)

    def __eq__(self, other) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __iter__(self):
        return self._ask("iter")

    def __contains__(self, value) -> bool:
        return any(item == value for item in self)

    def __instancecheck__(self, other) -> bool:
        return isinstance(other, (Remote, Held)) and self._ask("isinstance", other) is True

    def __repr__(self) -> str:
        return f"<{str(self._about['type'])[:NAME]} of the notebook>"

    @property
    def __signature__(self) -> inspect.Signature:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        names = [name[:NAME] for name in self._about["parameters"][:NAME] if name.isidentifier()]
        return inspect.Signature([inspect.Parameter(name, kind) for name in names])


def _verb(name: str):
    return lambda self, *arguments: self._ask(name, *arguments)


for _name in (
    "len", "bool", "getitem", "setitem", "delitem", "float", "int", "index", "complex", "str", "enter", "exit",
    "round", "abs",
):
    setattr(Remote, f"__{_name}__", _verb(_name))


class RemoteFunction(Remote):
    """Anything that can be called: a function, a class, an object with `__call__`."""

    def __call__(self, *arguments, **keywords):
        return self._ask("call", *arguments, **keywords)

    @contextmanager
    def answering_within(self, seconds: float):
        """While the block runs, whatever is asked of the notebook has an end: it raises StillRunning past it."""
        before = self._peer.deadline
        self._peer.deadline = Deadline(seconds, before)
        try:
            yield
        finally:
            self._peer.deadline = before

    def stand_in(self, zone: str | None):
        """Give the notebook's process the local time of a zone; what it had before."""
        return self._peer.ask("stand_in", None, (zone,))

    def names_from_outside(self) -> list[str]:
        """See `autograders.alone`: what its text uses and does not make, as the notebook's process tells."""
        try:
            with self.answering_within(TOLD):
                return [str(name)[:NAME] for name in self._ask("names_from_outside")][:NAME]
        except StillRunning:
            return []


class RemoteIterator(Remote):
    """A generator, or another iterator: asked for one item at a time, so it may be endless."""

    def __iter__(self):
        return self

    def __next__(self):
        return self._ask("next")


class RemoteAwaitable(Remote):
    """A task or a future. It is waited for where it is, with all else that runs in the loop there."""

    def __await__(self):
        return self._ask("await")
        yield  # which makes it a generator, as Python wants it


async def _awaited(remote: RemoteAwaitable):
    return await remote


# What can be done with an object that was lent

VERBS: dict[str, Callable] = {
    "call": lambda it, *arguments, **keywords: it(*arguments, **keywords),
    "getattr": getattr, "setattr": setattr, "iter": iter, "next": next, "len": len, "bool": bool,
    "getitem": lambda it, key: it[key], "setitem": lambda it, key, value: it.__setitem__(key, value),
    "delitem": lambda it, key: it.__delitem__(key), "float": float, "int": int, "index": lambda it: it.__index__(),
    "complex": complex, "str": str, "round": round, "abs": abs, "isinstance": lambda it, other: isinstance(other, it),
    "enter": lambda it: it.__enter__(), "exit": lambda it, *error: it.__exit__(None, None, None),
}


def _about(value) -> dict:
    """What the other end may know of an object without asking: plain data, whatever the object pretends."""
    kind = type(value)
    known: dict[str, Any] = {
        "name": _text(lambda: value.__name__) or kind.__name__,
        "type": kind.__name__,
        "parameters": _parameters(value),
        "doc": _text(lambda: value.__doc__),
        "callable": callable(value),
        "awaits": inspect.isawaitable(value),
        "coroutine": inspect.iscoroutine(value),
        "iterates": hasattr(kind, "__next__"),
        "bases": None,
    }
    if isinstance(value, type) and issubclass(value, BaseException):
        known["bases"] = [f"{k.__module__}.{k.__qualname__}" for k in value.__mro__]
    return known


def _is_harmless(value) -> bool:
    """Whether a student's code may use an object of ours: a function, an iterator, what the test or the course made.
    A connection or a table of a library would run code, or read what the test compares with."""
    kind = value if isinstance(value, type) else type(value)
    if issubclass(kind, (types.ModuleType, types.FrameType, types.CodeType, types.TracebackType)):
        return False
    return kind.__module__ in LENDABLE or kind.__module__.partition(".")[0] in ("environments", "datasets")


def _text(get: Callable) -> str:
    try:
        text = get()
        return text[:2000] if type(text) is str else ""
    except Exception:
        return ""


def _parameters(value) -> list[str]:
    try:
        return [str(name) for name in inspect.signature(value).parameters] if callable(value) else []
    except Exception:
        return ["..."]


def _can_change(value) -> bool:
    return type(value) in (list, dict, set, bytearray) or _library_of(value) is not None


def _library_of(value) -> Library | None:
    """The library of a value that may change in place."""
    library = BY_PACKAGE.get(type(value).__module__.partition(".")[0])
    return library if library and type(value).__name__ in library.mutable else None


def _become(value, now) -> None:
    """Make a value here what it has become there."""
    if type(value) is not type(now):
        raise PeerGone("an argument became another kind of thing")
    if type(value) in (list, bytearray):
        value[:] = now
    elif type(value) in (dict, set):
        value.clear()
        value.update(now)
    elif library := _library_of(value):
        library.mutable[type(value).__name__](value, now)


# Errors

def _exception(name: str) -> type | None:
    """The exception class of this full name, of those already imported here."""
    module, _, kind = name.rpartition(".")
    found = getattr(builtins if module == "builtins" else sys.modules.get(module), kind, None)
    known = isinstance(found, type) and issubclass(found, BaseException) and not module.startswith("autograders")
    return found if known else None


def _arguments(error: BaseException) -> tuple:
    try:
        return tuple(error.args)[:10] or ((text,) if (text := safe_str(error)) else ())
    except Exception:
        return ()


def _is_plain(value) -> bool:
    return type(value) in (int, float, bool, type(None)) or type(value) is str and len(value) < 4000


def _line_of(error: BaseException) -> str:
    """The last line of a notebook's cell that an error came through."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        frame.line
        for frame in frames
        if frame.line and ("ipykernel_" in frame.filename or frame.filename.startswith("<ipython"))
    ]
    return lines[-1] if lines else ""


