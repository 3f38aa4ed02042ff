"""What the tracking tools' APIs have in common: refusals, credentials, bodies, limits."""

import base64
import binascii
import re
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property
from urllib.parse import parse_qs

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request

from datasets.mess import Mess
from datasets.product import Product
from environments.saas.app import State

LARGEST_BODY = 2**23  # bytes, unpacked


class Made:
    """The product of a state's world, made when it is first asked for: an API is there before that."""

    def __init__(self, state: State):
        self._state = state

    @cached_property
    def mess(self) -> Mess:
        return Mess(Product(self._state.world))


class Failure(Exception):
    """A request that is refused; `error` of the API makes the answer."""

    def __init__(self, status: int, message: str, **more):
        super().__init__(message)
        self.status, self.message, self.more = status, message, more


NOT_SERVED = "This simulator does not serve"


def failures(error: Callable, others: tuple[str, ...]) -> dict:
    """Handlers that tell every refusal in the API's own words.
    `others` are patterns of paths that the real API has and this one has not."""

    async def failed(request: Request, e: Failure):
        return error(e.status, None, e.message, **e.more)

    async def missing(request: Request, e: HTTPException):
        route = f"{request.method} {request.url.path[:200]}"
        if e.status_code == 404 and any(fnmatchcase(request.url.path, other) for other in others):
            return error(501, None, f"{NOT_SERVED} {route}.")
        return error(e.status_code, None, f"{route}: {e.detail}")

    return {Failure: failed, HTTPException: missing}


def basic(request: Request) -> tuple[str, str]:
    """User and password of Basic authorization, empty where there is none. A colon may be left out."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(rest, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return (user, password) if scheme.lower() == "basic" else ("", "")


def served(given: Mapping, **others) -> None:
    """Failure for a parameter that the real API takes and this one does not;
    `others` has those, with the values that change nothing."""
    for name, same in others.items():
        if given.get(name) not in (None, "", *same):
            raise Failure(400, f"{NOT_SERVED} the parameter {name}={str(given[name])[:40]}.")


def whole(text: str, name: str, least: int, most: int) -> int:
    """A parameter that is a whole number. Failure where it is not, or out of its range."""
    if not (text.isascii() and text.isdecimal() and len(text) < 19 and least <= int(text) <= most):
        raise Failure(400, f"{name} must be a whole number from {least} to {most}")
    return int(text)


DIGITS = {"%Y": r"\d{4}"} | dict.fromkeys(("%m", "%d", "%H"), r"\d\d")


def moment(text: str, name: str, form: str, called: str) -> datetime:
    """A parameter that is a date or an hour, digit for digit as the documentation writes it;
    strptime alone takes others. Failure where it is not."""
    pattern = re.sub("%.", lambda found: DIGITS[found[0]], form)
    try:
        if re.fullmatch(pattern, text, re.ASCII):
            return datetime.strptime(text, form)
    except ValueError:
        pass
    raise Failure(400, f"{name} must be given as {called}")


async def body(request: Request) -> bytes:
    """The body, unpacked where it came gzipped."""
    data = await request.body()
    if request.headers.get("content-encoding", "").lower() != "gzip":
        return data
    try:
        unpacked = zlib.decompressobj(wbits=31)
        data = unpacked.decompress(data, LARGEST_BODY)
    except zlib.error:
        raise Failure(400, "the body is no gzip") from None
    if unpacked.unconsumed_tail:
        raise Failure(413, f"the body is larger than {LARGEST_BODY:,} bytes")
    return data


async def form(request: Request) -> dict[str, str]:
    """Fields of a form and of the query; the form's win."""
    sent = parse_qs((await body(request)).decode(errors="replace"), keep_blank_values=True)
    return dict(request.query_params) | {name: values[-1] for name, values in sent.items()}


def parsed(data: bytes | str):
    """JSON. Failure where it is none."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Failure(400, "the data is no JSON") from None


def gzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts as one gzip, as they come."""
    pack = zlib.compressobj(1, wbits=31)
    for part in parts:
        yield pack.compress(part)
    yield pack.flush()


class RequestLimits:
    """How often and how many at once. The numbers are Mixpanel's for exports:
    https://developer.mixpanel.com/reference/raw-event-export, read 2026-11-25."""

    def __init__(
        self, hour: int = 60, second: int = 3, at_once: int = 100, clock: Callable[[], float] = time.monotonic
    ):
        self.hour, self.second, self.at_once, self._clock = hour, second, at_once, clock
        self._taken: deque[float] = deque()
        self._running = 0

    def take(self) -> bool:
        """Whether one more may begin now; it is counted. Who began gives back."""
        now = self._clock()
        while self._taken and self._taken[0] <= now - 3600:
            self._taken.popleft()
        recent = sum(at > now - 1 for at in self._taken)
        if len(self._taken) >= self.hour or recent >= self.second or self._running >= self.at_once:
            return False
        self._taken.append(now)
        self._running += 1
        return True

    def give(self) -> None:
        self._running -= 1
