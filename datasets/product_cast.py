"""Who uses the product and what production knows of them: a world as plain arrays, small enough to pass to a process.

Everything is a position from 0: person 0 is `people.id` 1, order 0 is `orders.id` 1.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from datasets.shape import DAY, NEVER, SHAPE, WEEK
from datasets.stream import RandomStream
from datasets.words import CITIES

if TYPE_CHECKING:
    from datasets.world import World

EARLIER_VISITS = ((500, 250, 150, 100), (850, 150))  # 0, 1, 2 ... before signing up: owners, other members
VISIT_DAYS = 14          # how long before
SETTLED = 3600           # seconds that somebody is a member before ordering for the household


@dataclass(frozen=True)
class Cast:
    """Arrays of people (P), households (H), orders (O, in time order), lines (L, by order) and recipes (R)."""

    seed: int
    home: np.ndarray           # P: household
    joined: np.ndarray         # P: the moment of signing up; inside a household the owner is first
    channel: np.ndarray        # P: how the household came, a word
    city: np.ndarray           # P: position in words.CITIES
    web_share: np.ndarray      # P: sessions in a browser, per thousand
    signup_web: np.ndarray     # P: whether they signed up in a browser
    ios: np.ndarray            # P: whether their phone is an iPhone
    people_from: np.ndarray    # H + 1: the first person of each household
    member_from: np.ndarray    # H x 2: when the household may order, twice for those that came back
    member_until: np.ndarray   # H x 2
    started: dict              # subscriptions in time order: at, person, plan
    orders: dict               # O: at, person, web, total; O + 1, the last one for no order: first_line, lines
    line_recipe: np.ndarray    # L
    line_quantity: np.ndarray  # L: servings
    visits: dict               # anonymous visits of people who signed up later, in time order: at, person
    published: np.ndarray      # R: moments, rising
    titles: list               # R: words
    emails: list               # P: words, personal
    plans: list                # name, monthly fee in cents

    @property
    def households(self) -> int:
        return len(self.member_from)


def cast(world: "World") -> Cast:
    """A world's people as the product meets them; each draw from a stream of its own."""
    tables = world._frames
    people = {name: column.to_numpy() for name, column in tables["people"].items()}
    home = people["household_id"] - 1
    homes = {
        name: column.to_numpy()[home] for name, column in tables["households"].items() if name in ("city", "channel")
    }
    habits = _habits(world.stream("product people"), homes["channel"], people["is_owner"])
    people_from = np.append(np.flatnonzero(people["is_owner"]), len(home))
    joined = people["created_at"]
    lines = tables["order_items"]
    first_line = np.searchsorted(lines["order_id"], np.arange(1, len(tables["orders"]) + 2))
    return Cast(
        seed=int(world.seed),
        home=home,
        joined=joined,
        channel=homes["channel"],
        city=_cities(homes["city"]),
        **habits,
        people_from=people_from,
        **_memberships(tables),
        started=_started(tables, people_from),
        orders=_orders(world.stream("product orders"), tables["orders"], people_from, joined, habits)
        | {"first_line": first_line, "lines": np.append(np.diff(first_line), 0)},
        line_recipe=(lines["recipe_id"].to_numpy() - 1).astype(np.int16),
        line_quantity=lines["quantity"].to_numpy().astype(np.int16),
        visits=_visits(world.stream("product visits"), joined, people["is_owner"]),
        published=tables["recipes"]["published_at"].to_numpy(),
        titles=tables["recipes"]["title"].tolist(),
        emails=people["email"].tolist(),
        plans=list(zip(tables["plans"]["name"].tolist(), tables["plans"]["monthly_price_cents"].tolist(), strict=True)),
    )


def cast_apart(seed: int, households: int) -> Cast:
    """The same, made in a process of its own, which gives back the memory that a large world takes while it is made."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_cast_of, seed, households).result()


def _cast_of(seed: int, households: int) -> Cast:
    from datasets.world import World

    return cast(World(seed, households))


def _cities(names: np.ndarray) -> np.ndarray:
    order = {city[0]: n for n, city in enumerate(CITIES)}
    return np.array([order[name] for name in names], dtype=np.int8)


def _habits(stream: RandomStream, channel: np.ndarray, owner: np.ndarray) -> dict[str, np.ndarray]:
    """Who came by an app uses the app; who came by the web mostly a browser."""
    n = len(channel)
    by_app = np.isin(channel, ("ios", "android"))
    web_share = np.where(by_app, stream.between((50, 300), n), stream.between((450, 950), n))
    either = stream.chance(web_share, n)
    signup_web = np.where(owner & (channel == "web"), True, np.where(owner & by_app, False, either))
    ios = np.where(owner & by_app, channel == "ios", stream.chance(550, n))
    return {"web_share": web_share, "signup_web": signup_web, "ios": ios}


def _memberships(tables: dict) -> dict[str, np.ndarray]:
    """When each household may order: two stretches at most, NEVER where there is none."""
    channel = tables["households"]["channel"].to_numpy()
    gift = np.flatnonzero(channel == "gift")
    start = np.full((len(channel), 2), NEVER)
    until = start.copy()
    start[gift, 0] = tables["households"]["signed_up_at"].to_numpy()[gift]
    until[gift, 0] = start[gift, 0] + SHAPE.gift_weeks * WEEK
    terms = tables["subscriptions"].sort_values(["household_id", "started_at"])
    home = terms["household_id"].to_numpy() - 1
    again = np.diff(home, prepend=-1) == 0
    start[home, again.astype(int)] = terms["started_at"]
    until[home, again.astype(int)] = terms["ended_at"]
    return {"member_from": start, "member_until": until}


def _started(tables: dict, people_from: np.ndarray) -> dict[str, np.ndarray]:
    terms = tables["subscriptions"]
    return {"at": terms["started_at"].to_numpy(), "person": people_from[terms["household_id"].to_numpy() - 1],
            "plan": terms["plan_id"].to_numpy() - 1}


def _orders(
    stream: RandomStream, orders, people_from: np.ndarray, joined: np.ndarray, habits: dict
) -> dict[str, np.ndarray]:
    """Who of the household ordered, and on what: its owner mostly, nobody who has just joined."""
    home, at, n = orders["household_id"].to_numpy() - 1, orders["placed_at"].to_numpy(), len(orders)
    owner = people_from[home]
    other = owner + stream.below(people_from[home + 1] - owner, n)
    may = stream.chance(400, n) & (joined[other] + SETTLED < at)
    person = np.where(may, other, owner)
    return {"at": at, "person": person, "web": stream.chance(habits["web_share"][person], n),
            "total": orders["total_cents"].to_numpy()}


def _visits(stream: RandomStream, joined: np.ndarray, owner: np.ndarray) -> dict[str, np.ndarray]:
    n = len(joined)
    times = np.where(owner, stream.pick(EARLIER_VISITS[0], n), stream.pick(EARLIER_VISITS[1], n))
    person = np.repeat(np.arange(n), times)
    before = DAY + stream.below((VISIT_DAYS - 1) * DAY, len(person))
    at = joined[person] - before
    order = np.argsort(at, kind="stable")
    order = order[at[order] >= SHAPE.launch]
    return {"at": at[order], "person": person[order]}
