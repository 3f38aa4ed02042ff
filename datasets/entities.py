"""One function per entity of Teaspoon's world, each drawing from a stream of its own.

Inside, every value is a whole number or a word, and every moment is seconds in a column that
ends in `_at`: nothing is ever rounded, so the world is the same on every machine.
"""

import unicodedata

import numpy as np
import pandas as pd

from datasets import words
from datasets.shape import DAY, HOUR, MONDAY, NEVER, SHAPE, WEEK
from datasets.stream import RandomStream

NO_ACCENT = str.maketrans({"ł": "l", "ø": "o", "ð": "d", "đ": "d", "ß": "ss", "ı": "i"})


def plans() -> pd.DataFrame:
    """The price list: no chance in it."""
    rows = [plan[:3] for plan in SHAPE.plans]
    return _numbered(pd.DataFrame(rows, columns=["name", "monthly_price_cents", "servings"]))


def recipes(stream: RandomStream) -> pd.DataFrame:
    """Dishes in the order they were published, half of them at launch."""
    n = SHAPE.recipes
    late = stream.below(SHAPE.now - SHAPE.launch, n - SHAPE.recipes_at_launch)
    pairs = [(cuisine, dish) for cuisine in words.CUISINES for dish in words.DISHES]
    pairs = [pairs[p] for p in stream.shuffled(len(pairs))[:n]]
    at_launch = np.full(SHAPE.recipes_at_launch, SHAPE.launch)
    return _numbered(pd.DataFrame({
        "title": [f"{cuisine} {dish}" for cuisine, dish in pairs],
        "cuisine": [cuisine for cuisine, _ in pairs],
        "minutes": stream.between(tuple(m // 5 for m in SHAPE.minutes), n) * 5,
        "price_cents": stream.between(SHAPE.recipe_cents, n),
        "published_at": np.concatenate([at_launch, SHAPE.launch + np.sort(late)]),
    }))


def households(stream: RandomStream, count: int) -> pd.DataFrame:
    """Who signed up, in the order they did; every month more than the last."""
    days = range((SHAPE.now - SHAPE.launch) // DAY)
    day = stream.pick([1000 * SHAPE.daily_growth**d // 1000**d for d in days], count)
    cities, countries, _, areas, share = map(np.array, zip(*words.CITIES, strict=True))
    city = stream.pick(share, count)
    channels, channel_share = map(np.array, zip(*SHAPE.channels, strict=True))
    return _numbered(pd.DataFrame({
        "street_address": _addresses(stream, count),
        "city": cities[city],
        "postcode_area": areas[city, stream.below(3, count)],
        "country": countries[city],
        "channel": channels[stream.pick(channel_share, count)],
        "signed_up_at": np.sort(SHAPE.launch + day * DAY + _time_of_day(stream, count)),
    }))


def people(stream: RandomStream, households: pd.DataFrame) -> pd.DataFrame:
    """Everyone with a login: the household's owner first, the others within two months."""
    home = np.repeat(np.arange(len(households)), 1 + stream.pick(SHAPE.people, len(households)))
    n, owner = len(home), np.diff(home, prepend=-1) > 0
    family = stream.below(len(words.LAST_NAMES), len(households))[home]
    alone = stream.chance(SHAPE.own_surname, n)
    last = np.where(alone, stream.below(len(words.LAST_NAMES), n), family)
    first = stream.below(len(words.FIRST_NAMES), n)
    joined = households["signed_up_at"].to_numpy()[home] + ~owner * stream.below(60 * DAY, n)
    return _numbered(pd.DataFrame({
        "household_id": home + 1,
        "is_owner": owner,
        "full_name": [f"{words.FIRST_NAMES[f]} {words.LAST_NAMES[l]}" for f, l in zip(first, last, strict=True)],
        "email": _emails(stream, first, last),
        "phone": _phones(stream, households["city"].to_numpy()[home]),
        "created_at": np.minimum(joined, SHAPE.now - 1),
    }))


def subscriptions(stream: RandomStream, households: pd.DataFrame) -> pd.DataFrame:
    """Who pays the monthly fee, from when until when; some leave, a few of those come back."""
    may = (households["channel"] != "gift") & stream.chance(SHAPE.joins, len(households))
    first = _terms(stream, households["id"][may], households["signed_up_at"][may])
    back = first[(first["ended_at"] < NEVER) & stream.chance(SHAPE.returns, len(first))]
    pause = stream.below(SHAPE.return_weeks * WEEK, len(back))
    every = pd.concat([first, _terms(stream, back["household_id"], back["ended_at"] + pause)])
    return _numbered(every[every["started_at"] < SHAPE.now].sort_values(["started_at", "household_id"]))


def visits(stream: RandomStream, households: pd.DataFrame, subscriptions: pd.DataFrame) -> pd.DataFrame:
    """When each household orders: at most once a week while it subscribes or its gift lasts.

    Columns household_id, servings, placed_at, in time order; row n becomes order n + 1.
    """
    terms = _appetites(households, subscriptions)
    terms["habit"] = stream.between(SHAPE.habit, len(terms))
    weeks = _by_week(terms)
    n = len(weeks)
    day = weeks["monday"] + stream.pick(SHAPE.weekdays, n) * DAY
    weeks["placed_at"] = day + _time_of_day(stream, n)
    kept = weeks["placed_at"].between(weeks["from"], weeks["until"], inclusive="left")
    visits = weeks[kept & stream.chance(weeks["habit"], n)]
    return visits.sort_values(["placed_at", "household_id"])[["household_id", "servings", "placed_at"]]


def order_items(stream: RandomStream, visits: pd.DataFrame, recipes: pd.DataFrame) -> pd.DataFrame:
    """The lines of every order, at the price of that day; a recipe appears once in an order."""
    order = np.repeat(np.arange(len(visits)), 1 + stream.pick(SHAPE.lines, len(visits)))
    placed_at, servings = visits["placed_at"].to_numpy()[order], visits["servings"].to_numpy()[order]
    recipe = _popular(stream, recipes["published_at"].to_numpy(), placed_at)
    saved = (placed_at < SHAPE.price_rise_at) * SHAPE.price_rise_cents
    lines = pd.DataFrame({
        "order_id": order + 1,
        "recipe_id": recipe + 1,
        "quantity": servings * (1 + stream.chance(SHAPE.double, len(order))),
        "unit_price_cents": recipes["price_cents"].to_numpy()[recipe] - saved,
    })
    return _numbered(lines.drop_duplicates(["order_id", "recipe_id"]))


def orders(stream: RandomStream, visits: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """What each visit cost and what became of it; `paid` is not delivered yet."""
    subtotal = (items["quantity"] * items["unit_price_cents"]).groupby(items["order_id"]).sum().to_numpy()
    placed_at, household = visits["placed_at"].to_numpy(), visits["household_id"].to_numpy()
    discount = _discounts(stream, subtotal, pd.Series(household).duplicated().to_numpy())
    status, updated_at = _fates(stream, placed_at)
    return _numbered(pd.DataFrame({
        "household_id": household,
        "status": status,
        "discount_cents": discount,
        "total_cents": subtotal - discount,
        "placed_at": placed_at,
        "updated_at": updated_at,
    }))


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.reset_index(drop=True)
    frame.insert(0, "id", np.arange(1, len(frame) + 1, dtype=np.int64))
    return frame


def _time_of_day(stream: RandomStream, n: int) -> np.ndarray:
    return stream.pick(SHAPE.hours, n) * HOUR + stream.below(HOUR, n)


def _addresses(stream: RandomStream, n: int) -> list[str]:
    number, street = 1 + stream.below(399, n), stream.below(len(words.STREETS), n)
    kind = stream.below(len(words.STREET_KINDS), n)
    return [f"{a} {words.STREETS[s]} {words.STREET_KINDS[k]}" for a, s, k in zip(number, street, kind, strict=True)]


def _emails(stream: RandomStream, first: np.ndarray, last: np.ndarray) -> list[str]:
    """Unique by the number in them, on domains nobody can own (RFC 2606)."""
    firsts, lasts = [_ascii(w) for w in words.FIRST_NAMES], [_ascii(w) for w in words.LAST_NAMES]
    domain = stream.pick((500, 300, 200), len(first))
    return [f"{firsts[f]}.{lasts[l]}{n}@example.{('com', 'org', 'net')[d]}"
            for n, (f, l, d) in enumerate(zip(first, last, domain, strict=True), start=1)]


def _ascii(word: str) -> str:
    """A name as an e-mail address spells it: accents dropped, another script becomes `cook`."""
    plain = unicodedata.normalize("NFKD", word.lower().translate(NO_ACCENT))
    letters = plain.encode("ascii", "ignore").decode()
    return "".join(filter(str.isalpha, letters)) or "cook"


def _phones(stream: RandomStream, city: np.ndarray) -> list[str | None]:
    """Numbers nobody has: 555-0100 to 555-0199 are kept for fiction in every North American
    area code (en.wikipedia.org/wiki/555_(telephone_number)), so two people may share one."""
    area = {c[0]: c[2] for c in words.CITIES}
    listed, line = stream.chance(SHAPE.has_phone, len(city)), stream.below(100, len(city))
    return [f"+1 {area[c]} 555 01{n:02}" if has else None for c, n, has in zip(city, line, listed, strict=True)]


def _terms(stream: RandomStream, household_id: pd.Series, earliest: pd.Series) -> pd.DataFrame:
    """One subscription for each household, begun within two days of `earliest`."""
    n = len(household_id)
    plan = stream.pick([p[3] for p in SHAPE.plans], n)
    started_at = earliest.to_numpy() + stream.below(2 * DAY, n)
    ended_at = started_at + stream.pick(_tenures(), n) * WEEK + stream.below(WEEK, n)
    return pd.DataFrame({
        "household_id": household_id.to_numpy(),
        "plan_id": plan + 1,
        "started_at": started_at,
        "ended_at": np.where(ended_at < SHAPE.now, ended_at, NEVER),
    })


def _tenures() -> list[int]:
    """How many of a million subscriptions end in their week 0, 1, 2 ...; the last entry stays."""
    left, ends = 1_000_000, []
    for week in range((SHAPE.now - SHAPE.launch) // WEEK + 1):
        ends.append(left * (SHAPE.early_churn if week < SHAPE.early_weeks else SHAPE.late_churn) // 1000)
        left -= ends[-1]
    return ends + [left]


def _appetites(households: pd.DataFrame, subscriptions: pd.DataFrame) -> pd.DataFrame:
    """Household, servings and the time [from, until) in which it may order."""
    servings = np.array([p[2] for p in SHAPE.plans])[subscriptions["plan_id"] - 1]
    members = pd.DataFrame({"household_id": subscriptions["household_id"], "servings": servings,
                            "from": subscriptions["started_at"], "until": subscriptions["ended_at"]})
    gift = households[households["channel"] == "gift"]
    guests = pd.DataFrame({"household_id": gift["id"], "servings": 2, "from": gift["signed_up_at"],
                           "until": gift["signed_up_at"] + SHAPE.gift_weeks * WEEK})
    every = pd.concat([members, guests], ignore_index=True)
    return every.assign(until=every["until"].clip(upper=SHAPE.now))


def _by_week(terms: pd.DataFrame) -> pd.DataFrame:
    """Each term once for every week it touches, with that week's `monday`."""
    first = terms["from"] - (terms["from"] - MONDAY) % WEEK
    weeks = -((first - terms["until"]) // WEEK)
    every = terms.assign(monday=first).loc[terms.index.repeat(weeks)]
    nth = every.groupby(level=0).cumcount()
    return every.assign(monday=every["monday"] + nth * WEEK).reset_index(drop=True)


def _popular(stream: RandomStream, published_at: np.ndarray, placed_at: np.ndarray) -> np.ndarray:
    """A recipe for each line among those published by then: the n-th favourite 1/n as often."""
    edges = np.cumsum(1_000_000 // (1 + stream.shuffled(len(published_at))))
    on_sale = np.searchsorted(published_at, placed_at, side="right")
    return np.searchsorted(edges, stream.below(edges[on_sale - 1], len(placed_at)), side="right")


def _discounts(stream: RandomStream, subtotal: np.ndarray, again: np.ndarray) -> np.ndarray:
    voucher = stream.chance(SHAPE.voucher, len(subtotal)) * np.minimum(SHAPE.voucher_cents, subtotal)
    return np.where(again, voucher, subtotal * SHAPE.first_order_percent // 100)


def _fates(stream: RandomStream, placed_at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Status and the moment it was reached; what the clock has not reached yet is `paid`."""
    names, shares, least, most = (np.array(column) for column in zip(*SHAPE.fates, strict=True))
    fate = stream.pick(shares, len(placed_at))
    known_at = placed_at + least[fate] * HOUR + stream.below((most - least)[fate] * HOUR, len(placed_at))
    known = known_at < SHAPE.now
    return np.where(known, names[fate], "paid"), np.where(known, known_at, placed_at)
