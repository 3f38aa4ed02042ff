"""A simulator in this process, in a thread of its own: for tests and for checks, which start many with other seeds."""

import secrets
from importlib import import_module
from typing import TYPE_CHECKING

from environments.saas.admin import admin
from environments.saas.app import APIS, Keys, State
from environments.saas.asgi import Api
from environments.saas.clock import Clock
from environments.saas.faulty import FaultLog, Faulty
from environments.saas.handle import SimulatorClient
from environments.saas.hosting import Hosted

if TYPE_CHECKING:
    from datasets.world import World

SMALL = 200  # households


def applications(state: State, admin_key: str, modules: dict | None = None) -> dict:
    """All that a simulator serves over one state, by name: each API behind its faults, and the back door."""
    modules = modules or {name: import_module(module) for name, module in APIS.items()}
    book = FaultLog()
    apis = {name: Api(name, module, state) for name, module in modules.items()}
    return {name: Faulty(api, book) for name, api in apis.items()} | {"admin": admin(state, apis, book, admin_key)}


class Simulator:
    """The APIs over a world, on ports of their own, while the block runs; the block's value is a `SimulatorClient`.

        with Simulator(World(seed=11, households=200)) as saas:
            sync(saas.stripe.base_url, saas.stripe.credentials["api_key"])

    `modules` are the APIs by name, where not all three are wanted; `timezone` is that of the Mixpanel project.
    """

    def __init__(
        self,
        world: "World | None" = None,
        clock: Clock | None = None,
        keys: Keys | None = None,
        modules: dict | None = None,
        timezone: str = "UTC",
    ):
        self.state = State.of(world or _small, clock, keys, timezone)
        self.modules = modules

    def __enter__(self) -> SimulatorClient:
        key = secrets.token_urlsafe(18)
        self._hosted = Hosted(applications(self.state, key, self.modules))
        return SimulatorClient(self._hosted.__enter__(), key)

    def __exit__(self, *_) -> None:
        self._hosted.__exit__()


def _small() -> "World":
    from datasets.world import World

    return World(7, SMALL)
