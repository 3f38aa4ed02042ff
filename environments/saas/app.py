"""What every simulated API is made from: one world, one clock, one log of writes, and the keys that open it.

An API is a module with two functions:

    api(state) -> Starlette                           # the API over this state
    error(status, code, message, **more) -> Response  # a failure in the API's own words
"""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from environments.saas.clock import Clock
from environments.saas.log import Log

if TYPE_CHECKING:
    from datasets.world import World
    from environments.workspace import Workspace

LOOPBACK = "127.0.0.1"
APIS = {"stripe": "environments.saas.stripe", "mixpanel": "environments.saas.mixpanel",
        "amplitude": "environments.saas.amplitude"}


@dataclass(frozen=True)
class MixpanelKeys:
    """A service account (`username`, `secret`) of a project, and the project's own secret."""

    username: str
    secret: str
    project_id: str
    api_secret: str


@dataclass(frozen=True)
class AmplitudeKeys:
    """Both halves of what Amplitude calls an API key."""

    api_key: str
    secret_key: str


@dataclass(frozen=True)
class Keys:
    """What opens each API. `stripe` is the secret key alone."""

    stripe: str
    mixpanel: MixpanelKeys
    amplitude: AmplitudeKeys

    @classmethod
    def drawn(cls, secret: Callable[[str], str] = lambda name: secrets.token_hex(16)) -> "Keys":
        """Keys in each vendor's form; `secret(name)` gives their parts, 32 hex digits each."""
        return cls(
            f"sk_test_{secret('stripe')}",
            MixpanelKeys(f"teaspoon.{secret('mixpanel-user')[:6]}.mp-service-account", secret("mixpanel-secret"),
                         str(10**6 + int(secret("mixpanel-project")[:8], 16) % (9 * 10**6)), secret("mixpanel-api")),
            AmplitudeKeys(secret("amplitude-api"), secret("amplitude-secret")))

    @classmethod
    def of(cls, workspace: "Workspace") -> "Keys":
        """This workspace's own: all from one secret, drawn on first use and kept."""
        master = workspace.secret("saas")
        return cls.drawn(lambda name: sha256(f"{master} {name}".encode()).hexdigest()[:32])

    def as_dict(self) -> dict[str, dict[str, str]]:
        """By API, under the names that `labs up saas --json` prints."""
        return {
            "stripe": {"api_key": self.stripe},
            "mixpanel": asdict(self.mixpanel),
            "amplitude": asdict(self.amplitude),
        }


class State:
    """All that an API knows: its answers are a function of this. Not to be changed.

    `world` may be given as what makes it: then it is made when it is first asked for. The simulator is ready before
    that, as importing pandas alone takes longer than all the rest of its start. `timezone` is that of the Mixpanel
    project.
    """

    def __init__(self, world: "World | Callable[[], World]", clock: Clock, log: Log, keys: Keys, timezone: str = "UTC"):
        self._world, self.clock, self.log, self.keys, self.timezone = world, clock, log, keys, timezone

    @cached_property
    def world(self) -> "World":
        return self._world() if callable(self._world) else self._world

    @classmethod
    def of(
        cls,
        world: "World | Callable[[], World]",
        clock: Clock | None = None,
        keys: Keys | None = None,
        timezone: str = "UTC",
    ) -> "State":
        """A state in memory, for tests and checks: nothing written yet, keys of its own."""
        clock = clock or Clock.fixed()
        return cls(world, clock, Log(clock=clock), keys or Keys.drawn(), timezone)
