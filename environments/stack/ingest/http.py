"""One vendor over HTTP: every request has a deadline,
every failure its kind, and only what passes by itself is retried."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import orjson
import requests
import tenacity

from environments.stack.ingest.errors import (
    BadRequest,
    IngestError,
    KeyRefused,
    NoData,
    NotAllowed,
    Passing,
    TooMuch,
    Truncated,
)

PIECE = 2**18  # bytes of an export that are in memory at once


@dataclass(frozen=True)
class Patience:
    """How long one request may take and how often it is tried. Seconds.

    The n-th wait is drawn between 0 and `first` * 2**n, at most `longest`, so that many clients do not come back
    together; what the vendor asks for in Retry-After is the least.
    """

    attempts: int = 6
    first: float = 0.5
    longest: float = 30.0
    connect: float = 5.0
    silence: float = 20.0  # without a byte of the answer

    def wait(self, failed: tenacity.RetryCallState) -> float:
        error = failed.outcome.exception() if failed.outcome else None
        asked = getattr(error, "wait", 0.0)
        return max(asked, tenacity.wait_random_exponential(self.first, self.longest)(failed))


class Client:
    """A vendor's API: its address, and what opens it.

    `headers` go with every request. `key` is named, by its last four characters, where it is refused. From the start of
    a request to that of the next at least `spacing` seconds pass.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        auth,
        key: str,
        headers: dict | None = None,
        patience: Patience = Patience(),
        spacing: float = 0.0,
    ):
        self.name, self.base_url, self.key, self.patience = name, base_url.rstrip("/"), key, patience
        self.requests = 0  # how many were sent
        self._refused: KeyRefused | None = None
        self._spacing, self._next = spacing, 0.0
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy and no ~/.netrc between us and the vendor
        self._session.auth = auth
        self._session.headers.update(headers or {})

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_) -> None:
        self._session.close()

    def json(self, path: str, params: dict | None = None) -> dict:
        """The JSON object at a path."""
        return self._patiently(lambda: _parsed(self._answer(path, params).content))

    def download(self, path: str, params: dict, into: IO[bytes], check: Callable[[IO[bytes]], None]) -> None:
        """An answer of any size into an empty file, whole or not at all.
        `check` raises Truncated where it is not whole."""

        def once():
            into.seek(0)
            into.truncate()
            for piece in self._answer(path, params, stream=True).iter_content(PIECE):
                into.write(piece)
            check(into)

        self._patiently(once)

    def _patiently(self, action: Callable):
        """The action's result, tried again while what fails may pass."""
        retry = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Passing),
            wait=self.patience.wait,
            reraise=True,
            stop=tenacity.stop_after_attempt(self.patience.attempts),
        )
        return retry(self._named, action)

    def _named(self, action: Callable):
        """The action, with failures of the connection as failures of ours."""
        try:
            return action()
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as e:
            raise Truncated(f"{self.name} broke off in the middle of an answer ({_first(e)}).") from None
        except requests.Timeout as e:
            raise Passing(
                f"{self.name} sent nothing for {self.patience.silence:g} s ({type(e).__name__}): "
                "it is slow, or this machine is.\n"
                "It did not pass in time: run again later; what was loaded stays."
            ) from None
        except requests.RequestException as e:
            raise Passing(
                f"{self.name} did not answer ({type(e).__name__}). Is it up, and is {self.base_url} its address?"
            ) from None

    def _answer(self, path: str, params: dict | None, stream: bool = False) -> requests.Response:
        if self._refused:
            raise self._refused
        self._space()
        self.requests += 1
        answer = self._session.get(
            self.base_url + path, params=params, stream=stream, timeout=(self.patience.connect, self.patience.silence)
        )
        if answer.status_code == 200:
            return answer
        raise self._failure(path, answer)

    def _space(self) -> None:
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + self._spacing

    def _failure(self, path: str, answer: requests.Response) -> IngestError:
        status = answer.status_code
        where = f"{self.name} answered {status} to GET {path}: {_message(answer)}"
        if status == 401:
            self._refused = KeyRefused(
                f"{where}\nThe key that ends in {self.key[-4:]} is no longer taken: put in the new one, then run again."
            )
            return self._refused
        if status == 403:
            return NotAllowed(f"{where}\nThe key that ends in {self.key[-4:]} may not read this: give it the right to.")
        if status in (429, 409) or status >= 500:
            return _passing(where, answer)
        return (NoData if status == 404 else BadRequest)(
            f"{where}\nThe request is wrong, not the data: fix the connector."
        )


def _passing(where: str, answer: requests.Response) -> IngestError:
    """Too much at once (a gateway gave up), a vendor that says not to come back, or what passes."""
    if answer.status_code == 504:
        return TooMuch(where)
    if answer.headers.get("Stripe-Should-Retry") == "false":
        return IngestError(f"{where}\nIt says that retrying is of no use: run again later; what was loaded stays.")
    return Passing(
        f"{where}\nIt did not pass in time: run again later; what was loaded stays.",
        _seconds(answer.headers.get("Retry-After")),
    )


def _seconds(text: str | None) -> float:
    """Retry-After in seconds; the form with a date is taken for none."""
    return float(text) if text and text.isdecimal() else 0.0


def _message(answer: requests.Response) -> str:
    """What the vendor says went wrong, in one line."""
    try:
        error = orjson.loads(answer.content).get("error")
        said = error.get("message") if isinstance(error, dict) else error
    except (orjson.JSONDecodeError, AttributeError, requests.RequestException):
        said = None
    return " ".join(str(said or "(no message)").split())[:300]


def _parsed(body: bytes) -> dict:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Truncated("The answer ends in the middle of its JSON.") from None


def _first(e: Exception) -> str:
    return str(e).split(",")[0].strip("('\" ")[:80]
