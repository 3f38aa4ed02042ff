"""What is posted to the inbox, checked field by field; what is refused says which field, and what it must be."""

from datetime import datetime

import orjson

STATUSES = ("firing", "resolved")
SEVERITIES = ("page", "ticket")
# The most characters of each field. `key` and `status` are always needed; a firing alert says `what` and `severity`.
LENGTHS = {"key": 200, "status": 20, "severity": 20, "what": 2000, "since": 40, "owner": 200, "run_url": 2000,
           "first_step": 2000}
MAX_BYTES = 2**15
MAX_PERIOD = 7 * 86_400  # seconds


class Refused(Exception):
    """A post that is not taken: the HTTP status, what is wrong, and with which fields."""

    def __init__(self, status: int, error: str, fields: dict[str, str] | None = None):
        super().__init__(error)
        self.status, self.error, self.fields = status, error, fields or {}

    def as_dict(self) -> dict:
        return {"error": self.error, **({"fields": self.fields} if self.fields else {})}


def alert(body: bytes) -> dict[str, str]:
    """An alert with all fields, empty where none was sent; `since` is ISO 8601 with an offset. Raises Refused."""
    sent = _object(body, tuple(LENGTHS))
    wrong = {name: problem for name in LENGTHS if (problem := _problem(name, sent))}
    if wrong:
        raise Refused(422, "the alert was not taken: " + "; ".join(wrong.values()), wrong)
    return {name: _shown(sent.get(name) or "") for name in LENGTHS}


def heartbeat(body: bytes) -> tuple[str, int]:
    """Who says that it is alive, and after how many seconds it says so again. Raises Refused."""
    sent = _object(body, ("watcher", "every"))
    watcher, every = sent.get("watcher"), sent.get("every", 600)
    if not isinstance(watcher, str) or not 0 < len(watcher) <= 200:
        raise Refused(422, "watcher must be text of 1 to 200 characters: who says that it is alive")
    if type(every) is not int or not 0 < every <= MAX_PERIOD:
        raise Refused(422, f"every must be a whole number of seconds from 1 to {MAX_PERIOD}")
    return _shown(watcher), every


def refusal(body: bytes) -> int | None:
    """The HTTP status with which everything is refused from now on; None to take what is posted. Raises Refused."""
    status = _object(body, ("refuse",)).get("refuse")
    if status is None or (type(status) is int and 400 <= status <= 599):
        return status
    raise Refused(422, "refuse must be an HTTP status from 400 to 599, or null to accept again")


def _object(body: bytes, known: tuple[str, ...]) -> dict:
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError as e:
        raise Refused(400, f"the body is no JSON: {e}"[:200]) from None
    if not isinstance(sent, dict):
        raise Refused(422, f"the body must be a JSON object, not {_kind(sent)}")
    if unknown := [_shown(name[:40]) for name in sent if name not in known][:5]:
        raise Refused(422, f"unknown: {', '.join(unknown)}. The fields are {', '.join(known)}")
    return sent


def _problem(name: str, sent: dict) -> str:
    """What is wrong with a field; nothing where it is right."""
    value = sent.get(name)
    if value in (None, ""):
        return f"{name} is missing" if name in _needed(sent) else ""
    if not isinstance(value, str):
        return f"{name} must be text, not {_kind(value)}"
    if len(value) > LENGTHS[name]:
        return f"{name} has {len(value):,} characters, and {LENGTHS[name]:,} at most are taken"
    return CHECKS[name](value) if name in CHECKS else ""


def _needed(sent: dict) -> tuple[str, ...]:
    return ("key", "status") if sent.get("status") == "resolved" else ("key", "status", "severity", "what")


def _one_of(name: str, values: tuple[str, ...]):
    return lambda value: "" if value in values else f"{name} must be {' or '.join(values)}"


def _moment(value: str) -> str:
    try:
        given = datetime.fromisoformat(value)
        if given.utcoffset() is not None and given.astimezone():
            return ""
    except (ValueError, OverflowError):
        pass
    return "since must be ISO 8601 with an offset, such as 2026-03-30T06:00:00+02:00"


def _link(value: str) -> str:
    """Nothing that a browser would run: the page makes a link of it."""
    near = value.startswith("/") and value[1:2] not in ("/", "\\")
    return "" if near or value.startswith(("http://", "https://")) else "run_url must begin with http://, https:// or /"


CHECKS = {"status": _one_of("status", STATUSES), "severity": _one_of("severity", SEVERITIES), "since": _moment,
          "run_url": _link}


def _kind(value) -> str:
    return {type(None): "null", bool: "true or false", int: "a number", float: "a number", str: "text",
            list: "a list", dict: "an object"}[type(value)]


def _shown(text: str) -> str:
    """Without what a terminal would obey, or what hides text."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
