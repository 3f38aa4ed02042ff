"""What a fault does to a request, as small objects that are data: each goes to the simulator and back as JSON.

An effect wraps an ASGI application in another. Those of one fault are applied in their order, the first one outermost.
"""

import asyncio
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import ClassVar

from environments.saas.asgi import Api, answered, without
from environments.saas.bodies import rewritten


@dataclass(frozen=True)
class Effect:
    """One way to go wrong.

    `wrap` gives the application as a client then finds it; `nth` counts the fault's hits from 1.
    """

    known: ClassVar[dict[str, type["Effect"]]] = {}

    def __init_subclass__(cls):
        cls.known[cls.__name__] = cls

    def wrap(self, app, api: Api, nth: int):
        raise NotImplementedError

    def as_dict(self) -> dict:
        return {"kind": type(self).__name__} | asdict(self)


def effect(data: dict) -> Effect:
    """An effect from its JSON. ValueError, which names what is wrong, where it is none."""
    data = dict(data)
    kind = Effect.known.get(data.pop("kind", None))
    if kind is None:
        raise ValueError(f"an effect's kind is one of {', '.join(sorted(Effect.known))}")
    try:
        return kind(**data)
    except TypeError as e:
        raise ValueError(f"{kind.__name__}: {e}") from None


@dataclass(frozen=True)
class RespondWith(Effect):
    """A failure instead of the answer, in the API's own envelope;
    `{last4}` in the message ends the key that was sent."""

    status: int
    code: str | None = None
    message: str = ""
    headers: dict = field(default_factory=dict)
    more: dict = field(default_factory=dict)  # what else the envelope says

    def wrap(self, app, api: Api, nth: int):
        async def refuse(scope, receive, send):
            await self.to(api, scope)(scope, receive, send)

        return refuse

    def to(self, api: Api, scope):
        message = self.message.replace("{last4}", api.secret_in(scope)[-4:])
        response = api.error(self.status, self.code, message, **self.more)
        response.headers.update(self.headers)
        return response


@dataclass(frozen=True)
class Delay(Effect):
    """Seconds pass before the API looks at the request."""

    seconds: float

    def wrap(self, app, api: Api, nth: int):
        async def late(scope, receive, send):
            await asyncio.sleep(self.seconds)
            await app(scope, receive, send)

        return late


@dataclass(frozen=True)
class Repeat(Effect):
    """It happens so many times, one after the other; the last answer counts."""

    times: int = 2

    def wrap(self, app, api: Api, nth: int):
        async def again(scope, receive, send):
            for _ in range(self.times - 1):
                await answered(app, scope, receive)
            await app(scope, receive, send)

        return again


@dataclass(frozen=True)
class Drop(Effect):
    """The connection is cut without an answer. `done` says whether the request was carried out before."""

    done: bool = False

    def wrap(self, app, api: Api, nth: int):
        async def cut(scope, receive, send):
            if self.done:
                await answered(app, scope, receive)
            scope["extensions"]["transport"].abort()
            await asyncio.sleep(0)  # so that the server has noticed before we return without an answer

        return cut


@dataclass(frozen=True)
class Truncate(Effect):
    """The head is sent whole, of the body so many percent, then the connection closes.

    `silent`: the head promises no more than comes, so that only who reads the body to its end can tell.
    """

    percent: int = 50
    silent: bool = False

    def wrap(self, app, api: Api, nth: int):
        async def stop_early(scope, receive, send):
            answer = await answered(app, plain(scope) if self.silent else scope, receive)
            part = answer.body[:len(answer.body) * self.percent // 100]
            if self.silent:
                return await answer.with_body(part).to(send)
            await answer.start(send)
            await send({"type": "http.response.body", "body": part, "more_body": True})
            scope["extensions"]["transport"].close()
            await asyncio.sleep(0)

        return stop_early


@dataclass(frozen=True)
class Rekey(Effect):
    """The API's secrets are new ones: the old are refused with `code` and `message`, the new are taken."""

    status: int = 401
    code: str | None = None
    message: str = "Invalid API Key provided: {last4}"
    more: dict = field(default_factory=dict)

    def wrap(self, app, api: Api, nth: int):
        async def check(scope, receive, send):
            known = api.rekeyed(scope, renewed)
            refusal = RespondWith(self.status, self.code, self.message, more=self.more)
            await (app if known else refusal.to(api, scope))(known or scope, receive, send)

        return check


def renewed(secret: str) -> str:
    """What the vendor gives out in place of a secret: of the same form, and the same one every time."""
    kept = secret[:len(secret) - 32]
    return kept + sha256(secret.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class SetHeaders(Effect):
    """Headers of the answer that say something else, or something more."""

    headers: dict

    def wrap(self, app, api: Api, nth: int):
        async def marked(scope, receive, send):
            async def mark(message):
                if message["type"] == "http.response.start":
                    message["headers"] = without(message["headers"], *self.headers) + [
                        (name.lower().encode(), str(value).encode()) for name, value in self.headers.items()]
                await send(message)

            await app(scope, receive, mark)

        return marked


@dataclass(frozen=True)
class Write(Effect):
    """Something happens to Teaspoon just before the request: a real write through the API's own route.

    `{id}` in `path` and `form` is the id of an object that the list `find` has, made at least `days_old` days ago and
    with these values `where`; the n-th hit takes the n-th. A write stays written when the fault ends, as in life.
    """

    path: str
    form: dict = field(default_factory=dict)
    find: str = ""
    where: dict = field(default_factory=dict)
    days_old: int = 0

    def wrap(self, app, api: Api, nth: int):
        async def changed(scope, receive, send):
            await self.happen(api, nth)
            await app(scope, receive, send)

        return changed

    async def happen(self, api: Api, nth: int) -> None:
        """ValueError where the API refuses the write."""
        found = await self.target(api, nth) if self.find else ""
        form = {name: str(value).replace("{id}", found) for name, value in self.form.items()}
        done = await api.post(self.path.replace("{id}", found), form)
        if done.status != 200:
            raise ValueError(f"POST {self.path} of a fault was refused: {done.body.decode()}")

    async def target(self, api: Api, nth: int) -> str:
        """The id of the n-th object that suits, round and round; ValueError where the first page has none."""
        before = api.now() - self.days_old * 86_400
        page = (await api.get(self.find, {"limit": "100", "created[lt]": str(before)})).json()
        suits = [o["id"] for o in page["data"] if all(o.get(name) == value for name, value in self.where.items())]
        if not suits:
            raise ValueError(f"{self.find} has no object {self.where} made {self.days_old} days ago")
        return suits[(nth - 1) % len(suits)]


def plain(scope) -> dict:
    """The request as if its client did not understand compression: half of a compressed answer would not look whole."""
    return scope | {"headers": without(scope["headers"], "accept-encoding")}


class Rewrite(Effect):
    """The answer's records, changed on their way to the client; what the API holds stays as it is."""

    def change(self, records: list[dict]) -> list[dict]:
        raise NotImplementedError

    def wrap(self, app, api: Api, nth: int):
        async def rewrite(scope, receive, send):
            answer = await answered(app, plain(scope), receive)
            if answer.status == 200:
                answer = answer.with_body(rewritten(answer.body, self.change))
            await answer.to(send)

        return rewrite
