"""A fault of one API, as data."""

from dataclasses import asdict, dataclass, replace

from environments.saas import drift  # noqa: F401 (imported, its effects are among those known)
from environments.saas.effects import Effect, effect


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong with one API, for the requests whose "METHOD /path" fits the pattern `route`.

    It lets `skip` such requests pass, then hits `times` of them (None: until it is ended); with a `key`, only requests
    that bring it. `effects` happen together, the first one outermost.
    """

    name: str
    api: str
    route: str
    effects: tuple[Effect, ...]
    symptom: str  # what the first person to notice sees
    cause: str    # what truly happened
    repair: str   # what helps, now and from now on
    times: int | None = None
    skip: int = 0
    key: str = ""

    def but(self, **changes) -> "Fault":
        """This fault with other values: `RATE_LIMITED.but(times=5, route="GET /v1/invoices")`."""
        return replace(self, **changes)

    def as_dict(self) -> dict:
        return asdict(self) | {"effects": [part.as_dict() for part in self.effects]}


def fault(data: dict) -> Fault:
    """A fault from its JSON. ValueError, which names what is wrong, where it is none."""
    try:
        return Fault(**data | {"effects": tuple(effect(about) for about in data["effects"])})
    except (TypeError, KeyError, AttributeError) as e:
        raise ValueError(f"not a fault: {e}") from None
