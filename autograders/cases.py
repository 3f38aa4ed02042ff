"""What Lab 2's checks ask about besides companies: prices, curves, forecasts and facts drawn at random, with what is due."""

import math
import random
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy import poly1d

from autograders import given
from datasets.companies import OPTIONS


def tiers() -> list[tuple]:
    """A graduated price: a free tier, a second, and the rest."""
    first, second = random.randint(10, 90), random.randint(100, 900)
    return [(first, 0.0), (second, random.randint(2, 9) / 4), (None, random.randint(1, 7) / 8)]


def in_words(tiers: list[tuple]) -> str:
    return ", ".join(f"{amount} up to {end}" if end else f"{amount} beyond" for end, amount in tiers)


def marginal(quantity: float, tiers: list[tuple]) -> float:
    """Dollars for the quantity, each unit at its own tier's amount."""
    starts = [0, *(end for end, _ in tiers[:-1])]
    return sum((min(quantity, math.inf if end is None else end) - start) * amount
               for start, (end, amount) in zip(starts, tiers) if quantity > start)


def crossings() -> list[tuple]:
    """Two costs, where the second becomes the cheaper for good, and what to call it."""
    at, low = random.randint(300, 900), random.randint(20, 90)
    dip, level = poly1d([low, at], True) / 100 + 500, poly1d([500.0])
    once = (poly1d([2.0, 0]), poly1d([1.0, at]), at, "with two straight lines")
    twice = (dip, level, at, "with two crossings, a dip between them")
    step = (poly1d([10.0, 0]), partial(given.step, 5, 100.0, 10.0 * at), at, "with a step in the second")
    never = (poly1d([1.0, 0]), poly1d([1.0, 5]), None, "with the second always dearer")
    back = (level, dip, None, "with the second cheaper only for a while")
    always = (poly1d([1.0, 9]), poly1d([1.0, 0]), 1, "with the second cheaper from the start")
    return [once, twice, step, never, back, always]


def many(one: dict, growth: tuple, quote: tuple) -> list[float]:
    """What given.rows_times_quote gives in two years, drawn very often; sorted."""
    rows, stored, draw = sum(one["mar"].values()) / 1e6, one["stored_gb"], np.random.default_rng()
    return np.sort((1 + draw.uniform(*growth, 20_000)) ** 24 * (rows * draw.uniform(*quote, 20_000) + stored)).tolist()


def largest_regret(first: Callable, second: Callable, one: dict, ranges: dict) -> str | None:
    chosen, other = (first, second) if first(one) <= second(one) else (second, first)
    regret = {name: max(chosen(one | {name: end}) - other(one | {name: end}) for end in ends) for name, ends in ranges.items()}
    most = max(regret, key=regret.get)
    return most if regret[most] > 1e-9 else None


def fact() -> dict:
    return {"regions": random.choice((None, ["US"], ["EU"], ["US", "EU"])), "freshest": random.choice((1, 15, 60)),
            "largest_gb": random.choice((100, 1000, 5000)), "soc2": random.random() < 0.5, "engineer": random.random() < 0.5,
            "notice_months": random.choice((0, 1, 12))}


def at_the_edge(facts: dict) -> dict:
    fact = facts[random.choice(OPTIONS)]
    return {"freshness": fact["freshest"], "stored_gb": fact["largest_gb"], "leave_within": fact["notice_months"]}
