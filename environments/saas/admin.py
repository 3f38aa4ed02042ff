"""The back door of the simulator, on a port of its own: faults, the requests that were made, the keys that work now.

No API has such a route, so no client comes upon it; who uses it brings the admin key.

    GET    /_admin                   seed, households, clock of the world
    GET    /_admin/ready             the status that each API gives to GET /, once it has answered
    GET    /_admin/faults            those going on, with how many requests each has hit
    POST   /_admin/faults            {"faults": [...]}: begin them; they end when this very connection does
    DELETE /_admin/faults[/1,2,3]    end all, or these; how often each has hit
    GET    /_admin/requests          ?api=stripe&after=17: the latest 10,000 at most, oldest first
    GET    /_admin/credentials       by API, as they are while a key is rotated
    DELETE /_admin                   end all faults and forget all that was written: the world as it was generated
"""

import hmac

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from environments.saas.app import State
from environments.saas.asgi import Api
from environments.saas.effects import Rekey, renewed
from environments.saas.fault import fault
from environments.saas.faulty import FaultLog


class Admin:
    """What the routes do."""

    def __init__(self, state: State, apis: dict[str, Api], book: FaultLog):
        self.state, self.apis, self.book = state, apis, book

    async def world(self, request: Request) -> Response:
        world, clock = self.state.world, self.state.clock
        return _json({"seed": world.seed, "households": world.households, "clock": clock.kind, "shift": clock.shift})

    async def ready(self, request: Request) -> Response:
        return _json({name: (await api.get("/", {})).status for name, api in self.apis.items()})

    async def faults(self, request: Request) -> Response:
        return _json([active.as_dict() for active in self.book.active.values()])

    async def begin(self, request: Request) -> Response:
        try:
            faults = [fault(data) for data in orjson.loads(await request.body())["faults"]]
            unknown = {wanted.api for wanted in faults} - set(self.apis)
            if unknown:
                raise ValueError(f"no API is called {unknown.pop()}; there are {', '.join(self.apis)}")
        except (ValueError, KeyError, TypeError) as e:
            return _json({"error": str(e)}, 400)
        return Held(self.book, faults)

    async def end(self, request: Request) -> Response:
        try:
            ids = [int(id) for id in request.path_params["ids"].split(",")] if "ids" in request.path_params else None
        except ValueError:
            return _json({"error": "faults are named by their numbers, such as 1,2"}, 400)
        return _json([ended.as_dict() for ended in self.book.end(ids)])

    async def requests(self, request: Request) -> Response:
        api, after = request.query_params.get("api"), request.query_params.get("after", "0")
        if not after.isdecimal():
            return _json({"error": "after is a whole number"}, 400)
        return _json(
            [served.as_dict() for served in self.book.requests if served.seq > int(after) and api in (None, served.api)]
        )

    async def credentials(self, request: Request) -> Response:
        keys = self.state.keys.as_dict()
        return _json({name: self._renewed(name, keys[name]) for name in self.apis})

    def _renewed(self, name: str, mine: dict[str, str]) -> dict[str, str]:
        rotated = any(isinstance(effect, Rekey) for active in self.book.active.values() if active.fault.api == name
                      for effect in active.fault.effects)
        old = self.apis[name].secrets() if rotated else []
        return {part: renewed(value) if value in old else value for part, value in mine.items()}

    async def reset(self, request: Request) -> Response:
        self.book.end()
        self.state.log.clear()
        for api in self.apis.values():
            api.rebuild()
        return _json({})


class Held(Response):
    """The answer to who begins faults: it goes on until they hang up, or die, and with it the faults."""

    def __init__(self, book: FaultLog, faults: list):
        super().__init__()
        self.book, self.faults = book, faults

    async def __call__(self, scope, receive, send):
        ids, after = self.book.start(self.faults), self.book.last
        try:
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
            )
            await send(
                {
                    "type": "http.response.body",
                    "body": orjson.dumps({"ids": ids, "after": after}) + b"\n",
                    "more_body": True,
                }
            )
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self.book.end(ids)


class Guarded:
    """Only for who brings the key."""

    def __init__(self, app, key: str):
        self.app, self.expected = app, f"Bearer {key}".encode()

    async def __call__(self, scope, receive, send):
        said = dict(scope["headers"]).get(b"authorization", b"")
        app = (
            self.app if hmac.compare_digest(said, self.expected) else _json({"error": "the admin key is another"}, 401)
        )
        await app(scope, receive, send)


def admin(state: State, apis: dict[str, Api], book: FaultLog, key: str) -> Guarded:
    does = Admin(state, apis, book)
    return Guarded(Starlette(routes=[
        Route("/_admin", does.world, methods=["GET"]),
        Route("/_admin", does.reset, methods=["DELETE"]),
        Route("/_admin/ready", does.ready, methods=["GET"]),
        Route("/_admin/faults", does.faults, methods=["GET"]),
        Route("/_admin/faults", does.begin, methods=["POST"]),
        Route("/_admin/faults", does.end, methods=["DELETE"]),
        Route("/_admin/faults/{ids}", does.end, methods=["DELETE"]),
        Route("/_admin/requests", does.requests, methods=["GET"]),
        Route("/_admin/credentials", does.credentials, methods=["GET"]),
    ]), key)


def _json(value, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")
