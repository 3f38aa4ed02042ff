"""How Stripe says that something failed: one envelope (https://docs.stripe.com/api/errors, API version 2023-08-16)."""

import secrets

import orjson
from starlette.responses import Response

from environments.saas.stripe.shapes import VERSION

TYPES = {401: "invalid_request_error", 402: "card_error", 409: "idempotency_error"}
NOT_SERVED = "not_served_by_simulator"  # a code that Stripe has not
LOGS = "https://dashboard.stripe.com/test/logs/"


class StripeError(Exception):
    """A refusal, raised where it is noticed; the API answers with it."""

    def __init__(
        self, status: int, message: str, code: str | None = None, param: str | None = None, type: str | None = None
    ):
        super().__init__(message)
        self.status, self.message, self.code, self.param, self.type = status, message, code, param, type

    def response(self) -> Response:
        return error(self.status, self.code, self.message, param=self.param, type=self.type)


def error(status: int, code: str | None, message: str, **more) -> Response:
    """A failure in Stripe's envelope. `more` may say `type`, `param` and whatever else the envelope is to hold."""
    type, request = more.pop("type", None) or _type(status), request_id()
    body = {
        "type": type,
        "code": code,
        "message": message,
        "param": None,
        "doc_url": _doc(code),
        "request_log_url": LOGS + request,
    } | more
    body = {name: value for name, value in body.items() if value is not None}
    headers = {"Request-Id": request, "Stripe-Version": VERSION} | (
        {"Stripe-Should-Retry": "false"} if status == 501 else {}
    )
    return Response(orjson.dumps({"error": body}), status, headers, "application/json")


def request_id() -> str:
    """A name for a request, as its answer's `Request-Id` says it."""
    return f"req_{secrets.token_hex(7)}"


def _type(status: int) -> str:
    return TYPES.get(status) or ("api_error" if status >= 500 else "invalid_request_error")


def missing(noun: str, id: str, param: str, status: int = 404) -> StripeError:
    """What was asked for is not there."""
    return StripeError(status, f"No such {noun}: '{id}'", "resource_missing", param)


def not_served(what: str, of: str = "", param: str | None = None) -> StripeError:
    """Stripe has it and the simulator has not: neither a mistake of the client's nor something that is missing.

    501 for a route; 400 for a parameter (`param`), which can be left out, and which no client sends again as it was.
    """
    return StripeError(400 if param else 501, f"This simulator does not serve {what}{of and f' of {of}'}. Stripe does: https://docs.stripe.com/api",
                       NOT_SERVED, param)


def unrecognized(method: str, path: str) -> StripeError:
    return StripeError(
        404,
        f"Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the trailing slash. "
        "If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code.",
    )


def _doc(code: str | None) -> str | None:
    return (
        None
        if code == NOT_SERVED
        else f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if code
        else None
    )
