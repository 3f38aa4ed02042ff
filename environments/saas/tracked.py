"""What both tools keep of a tracked event: its properties as Teaspoon's code sends them, mess included."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from datasets.mess import OTHER_PLATFORMS, Messy, spelt
from datasets.product import Product
from datasets.product_devices import platform, release
from datasets.product_ids import insert_ids
from datasets.product_plan import EVENTS, NAMES, PAGES, PLATFORMS, REFERRERS, RELEASES, ZONES
from datasets.product_sessions import TEST, Sessions, offset
from datasets.words import CITIES, CUISINES

NUMBERS = ("servings", "results", "stars", "items")  # what an event's `number` is called
SPELLINGS = [spelt(name) for name in NAMES]
PLATFORM_NAMES = [(plain, *others) for plain, others in zip(PLATFORMS, OTHER_PLATFORMS, strict=True)]
TEXTS = {
    name: next((key for key, kind in properties.items() if kind is int), "") for name, properties in EVENTS.items()
}


@dataclass(frozen=True)
class Tracked:
    """Some events, column by column as lists, in the order of `messy`."""

    product: Product
    messy: Messy

    def rows(self) -> Iterator[tuple[str, dict]]:
        """Name and properties of each event, as sent."""
        m, e = self.messy, self.messy.events
        columns, common = self._columns(), self._common()
        for i, (code, session, number, spelling, variant, missing, text, leaked) in enumerate(zip(
                e.code.tolist(), e.session.tolist(), e.number.tolist(), m.spelling.tolist(), m.variant.tolist(),
                m.missing.tolist(), m.text.tolist(), m.leaked.tolist(), strict=True)):
            name, shared = NAMES[code], common[session]
            properties = {own: number if own in NUMBERS else columns[own](i) for own in EVENTS[name]}
            if missing:
                properties.pop(next(iter(properties)))
            if text:
                properties[TEXTS[name]] = str(properties[TEXTS[name]])
            if leaked:
                properties["email"] = self.product.cast.emails[shared["who"]]
            yield SPELLINGS[code][spelling], properties | {
                "platform": PLATFORM_NAMES[shared["on"]][variant], "app_version": shared["app_version"],
                "timezone": shared["timezone"], "utc_offset_minutes": shared["utc_offset_minutes"]}

    def insert_ids(self) -> list[str]:
        return insert_ids(self.product.cast.seed, self.messy.keys()).tolist()

    def _common(self) -> list[dict]:
        """What the events of each session share."""
        sessions = self.messy.events.sessions
        away = np.where(_IN_US[sessions.city], offset(ZONES["US"], sessions.at), offset(ZONES["CA"], sessions.at)) // 60
        return [
            {
                "who": who,
                "on": on,
                "app_version": RELEASES[on][version][0],
                "timezone": ZONES[CITIES[city][1]],
                "utc_offset_minutes": minutes,
            }
            for who, on, version, city, minutes in zip(
                sessions.who.tolist(),
                platform(sessions).tolist(),
                release(sessions).tolist(),
                sessions.city.tolist(),
                away.tolist(),
                strict=True,
            )
        ]

    def _columns(self) -> dict:
        """A function of the row for each property of an event's own that is no plain number."""
        cast, e = self.product.cast, self.messy.events
        recipe, ref, who = e.recipe.tolist(), e.of("ref").tolist(), e.of("who").tolist()
        luck = (e.key % 7919).tolist()
        started, total = cast.started["plan"], cast.orders["total"]
        return {
            "page": lambda i: PAGES[luck[i] % len(PAGES)],
            "referrer": lambda i: REFERRERS[luck[i] // 4 % len(REFERRERS)],
            "cuisine": lambda i: CUISINES[luck[i] % len(CUISINES)],
            "query": lambda i: CUISINES[luck[i] % len(CUISINES)].lower(),
            "channel": lambda i: str(cast.channel[who[i]]),
            "plan": lambda i: cast.plans[started[ref[i]]][0],
            "price_cents": lambda i: cast.plans[started[ref[i]]][1],
            "recipe_id": lambda i: recipe[i] + 1,
            "recipe_title": lambda i: cast.titles[recipe[i]],
            "order_id": lambda i: ref[i] + 1,
            "total_cents": lambda i: int(total[ref[i]]),
        }


def user_ids(sessions: Sessions) -> list[str]:
    """How Teaspoon's code names a person to a tool, by session: people.id, or a test account."""
    return [
        f"qa_{who + 1:03}" if kind == TEST else user_id(who)
        for who, kind in zip(sessions.who.tolist(), sessions.kind.tolist(), strict=True)
    ]


def user_id(person: int) -> str:
    """Person 0 is people.id 1."""
    return f"user_{person + 1:06}"


_IN_US = np.array([city[1] == "US" for city in CITIES])
