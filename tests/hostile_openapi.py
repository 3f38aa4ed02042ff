"""What schemathesis knows of each API: its routes, its parameters and their types. No description of the answers."""

DAY = {"type": "string", "format": "date"}
HOUR = {"type": "string", "pattern": r"^20[0-9]{6}T[0-9]{2}$"}
TEXT, NUMBER, WORDS = {"type": "string"}, {"type": "integer"}, {"type": "array", "items": {"type": "string"}}
ID = {"name": "id", "in": "path", "required": True, "schema": TEXT}
STRIPE_LISTS = [
    "customers", "products", "prices", "subscriptions", "invoices", "invoiceitems", "charges", "payment_intents",
    "refunds", "disputes", "balance_transactions", "events", "accounts",
]
LIST = {
    "limit": NUMBER,
    "starting_after": TEXT,
    "ending_before": TEXT,
    "created[gte]": NUMBER,
    "created[lt]": NUMBER,
    "created": TEXT,
    "expand[]": WORDS,
    "types[]": WORDS,
    "type": TEXT,
    "customer": TEXT,
    "status": TEXT,
}
EVENT = {
    "type": "object",
    "properties": {
        "event": TEXT,
        "event_type": TEXT,
        "user_id": TEXT,
        "device_id": TEXT,
        "time": NUMBER,
        "insert_id": TEXT,
        "properties": {
            "type": "object",
            "properties": {"time": NUMBER, "distinct_id": TEXT, "$insert_id": TEXT, "token": TEXT},
        },
    },
}


def operation(
    query: dict | None = None, body: dict | None = None, kind: str = "application/json", path: list | None = None
) -> dict:
    parameters = [{"name": name, "in": "query", "schema": schema} for name, schema in (query or {}).items()] + (
        path or []
    )
    said = {"requestBody": {"content": {kind: {"schema": body}}}} if body else {}
    return {"parameters": parameters, "responses": {"200": {"description": "as documented"}}} | said


def form(**fields) -> dict:
    return operation(body={"type": "object", "properties": fields}, kind="application/x-www-form-urlencoded")


def openapi(paths: dict) -> dict:
    return {"openapi": "3.0.2", "info": {"title": "simulated", "version": "1"}, "paths": paths}


STRIPE = {f"/v1/{name}": {"get": operation(LIST)} for name in STRIPE_LISTS} | {
    "/v1/charges/{id}": {"get": operation({"expand[]": WORDS}, path=[ID])},
    "/v1/customers/{id}": {"get": operation({"expand[]": WORDS}, path=[ID])},
    "/v1/subscription_items": {"get": operation(LIST | {"subscription": TEXT})}}
STRIPE["/v1/customers"]["post"] = form(name=TEXT, email=TEXT, description=TEXT, **{"metadata[key]": TEXT})
STRIPE["/v1/subscriptions"]["post"] = form(customer=TEXT, **{"items[0][price]": TEXT, "items[0][quantity]": NUMBER})
STRIPE["/v1/refunds"]["post"] = form(charge=TEXT, amount=NUMBER, reason=TEXT)

MIXPANEL = {
    "/api/2.0/export": {
        "get": operation(
            {
                "from_date": DAY,
                "to_date": DAY,
                "project_id": TEXT,
                "event": TEXT,
                "where": TEXT,
                "limit": NUMBER,
                "time_in_ms": {"type": "boolean"},
            }
        )
    },
    "/api/query/engage": {
        "get": operation({"project_id": TEXT, "page": NUMBER, "session_id": TEXT, "where": TEXT}),
        "post": operation(
            {"project_id": TEXT},
            {"type": "object", "properties": {"page": NUMBER, "session_id": TEXT}},
            "application/x-www-form-urlencoded",
        ),
    },
    "/import": {"post": operation({"project_id": TEXT, "strict": TEXT}, {"type": "array", "items": EVENT})},
    "/track": {"post": operation({}, {"type": "array", "items": EVENT})},
}

AMPLITUDE = {
    "/api/2/export": {"get": operation({"start": HOUR, "end": HOUR})},
    "/2/httpapi": {
        "post": operation(
            body={"type": "object", "properties": {"api_key": TEXT, "events": {"type": "array", "items": EVENT}}}
        )
    },
    "/batch": {
        "post": operation(
            body={"type": "object", "properties": {"api_key": TEXT, "events": {"type": "array", "items": EVENT}}}
        )
    },
}

OPENAPI = {"stripe": openapi(STRIPE), "mixpanel": openapi(MIXPANEL), "amplitude": openapi(AMPLITUDE)}
