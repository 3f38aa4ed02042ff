"""Checks of Lab 4, parts 1 and 2: pages and watermarks."""

import math

from autograders.checks.lab_04.apis import (
    DAY,
    NOW,
    Shop,
    charge,
    customer,
    moments,
    page,
    serving,
    stripe_event,
)
from autograders.checks.lab_04.common import (
    CHARGES,
    expect_ids,
    expect_pages_of_a_hundred,
    expect_requests,
    id_of,
    refusals,
    stripe_account,
)
from autograders.draws import draw, repeatable
from autograders.expect import CheckedFunction
from environments import faults

__all__ = ["every_object_once", "from_the_watermark_on", "newest_version_wins", "nothing_older_is_read",
           "pages_of_a_hundred", "watermark_never_goes_back"]

# 1 Pages

@repeatable
def every_object_once(function) -> None:
    asked = CheckedFunction(
        function, look="has_more, and starting_after with the id of the last object of the page before"
    )
    for number in (draw.randint(230, 290), 200, 7, 0):
        shop = Shop(charges=number)
        with serving(shop) as saas:
            got = asked.items(*stripe_account(saas), CHARGES, when=f"on a list of {number} charges")
        expect_ids(asked, got, [c["id"] for c in reversed(shop.charges)], in_order=True)
    shop = Shop(customers=draw.randint(310, 390))
    before = [c["id"] for c in shop.lists["customers"]]
    with serving(shop) as saas, saas.stripe.inject(faults.CHANGED_WHILE_PAGED):
        got = asked.items(*stripe_account(saas), "/v1/customers", when="while customers sign up between the pages")
    expect_ids(asked, [c for c in got if id_of(c) in before], before)
    shop = Shop(charges=150)
    for name, fault in refusals("charges"):
        with serving(shop) as saas, saas.stripe.inject(fault):
            ended = asked.ended(*stripe_account(saas), CHARGES, when=f"where {name}", read=list, within=60)
            asked.expect(ended.error is not None, "an error: what was refused is not an empty list")


@repeatable
def pages_of_a_hundred(function) -> None:
    asked = CheckedFunction(function, look="limit is the size of a page: 100 at most, 10 where it is missing")
    for number in (draw.randint(420, 490), draw.randint(2, 3) * 100):
        shop, pages = Shop(charges=number), math.ceil(number / 100)
        with serving(shop) as saas:
            got = asked.items(*stripe_account(saas), CHARGES, when=f"on a list of {number} charges")
            expect_ids(asked, got, [c["id"] for c in shop.charges])
            expect_requests(asked, saas.stripe, most=pages, due=f"{pages} requests, one a page")
            expect_pages_of_a_hundred(asked, saas.stripe.requests())


# 2 Watermarks

@repeatable
def watermark_never_goes_back(function) -> None:
    asked = CheckedFunction(
        function, look="the greatest of all of them; max(..., default=None) knows what to do with nothing"
    )
    low, middle, high = sorted(draw.sample(range(10**9, 2 * 10**9), 3))
    objects: list[dict] = [{"id": "a", "created": low}, {"id": "b", "created": middle}]
    for given, watermark, when in (
        (objects[::-1], None, "of two objects, the newest first, after nothing"),
        ([objects[0], {"id": "c", "created": high}, objects[1]], low, "of three objects, the newest in the middle"),
        (objects, low, "of two objects, the oldest first"),
        (objects, high, "of objects that are all older than the watermark"),
        ([], middle, "of no objects, after an earlier load"),
        ([], None, "of no objects, after nothing"),
        ([], 0, "of no objects, after a watermark of 0"),
    ):
        got = asked(given, watermark, when=f"{when}: created {[o['created'] for o in given]}, watermark {watermark}")
        asked.expect(
            got == max([o["created"] for o in given] + ([] if watermark is None else [watermark]), default=None),
            "the greatest created or watermark there is; None where there is none",
        )


@repeatable
def from_the_watermark_on(function) -> None:
    asked = CheckedFunction(
        function, look="created[gte] is watermark less look_back, in every request; and there may be many pages"
    )
    shop = Shop(charges=draw.randint(340, 390))
    at = draw.randint(60, 120)
    shop.charges[at]["created"] = shop.charges[at + 1]["created"]
    watermark, early = shop.charges[at]["created"], draw.randint(2, 5) * DAY
    for since, look_back, when in (
        (watermark, 0, "where two charges were made in the very second of the watermark"),
        (watermark, early, f"with a look_back of {early} seconds"),
        (None, early, "without a watermark"),
    ):
        got = asked.items(_Pages(shop).ask, CHARGES, since, look_back, when=when)
        _expect_in_stripes_order(
            asked, got, [c for c in shop.charges if since is None or c["created"] >= since - look_back]
        )
    got = asked.items(_Pages(Shop()).ask, CHARGES, watermark, 0, when="on an empty list")
    asked.expect(got == [], "[]")
    for name, skip in (("the first page is refused", 0), ("the second page is refused", 1)):
        ended = asked.ended(_Pages(shop, refuses=skip).ask, CHARGES, None, 0, when=f"where {name}", read=list)
        asked.expect(ended.error is not None, "the error to come out: what was refused is not an empty list")


@repeatable
def nothing_older_is_read(function) -> None:
    asked = CheckedFunction(
        function, look="let Stripe leave out what is older: created[gte] is one of the parameters, limit another"
    )
    shop = Shop(charges=draw.randint(640, 690))
    watermark = _free_second(shop.charges, before=draw.randint(30, 60))
    due = [c for c in shop.charges if c["created"] > watermark]
    pages = _Pages(shop)
    got = asked.items(pages.ask, CHARGES, watermark, 0, when=f"where {len(due)} of over 600 charges are new")
    _expect_in_stripes_order(asked, got, due)
    asked.expect(
        len(pages.made) <= 2, "one call of ask: a page holds them all", got=f"called ask {len(pages.made)} times"
    )
    watermark = _free_second(shop.charges, before=draw.randint(220, 280))
    pages = _Pages(shop)
    asked.items(pages.ask, CHARGES, watermark, 0, when="where over 200 of them are new")
    older = sum(created < watermark for created in pages.given)
    asked.expect(not older, "pages of new charges alone, the later ones too", got=f"asked for {older} older charges")
    sizes = {sent.get("limit", "no limit") for sent in pages.made}
    asked.expect(sizes == {"100"}, "a limit of 100 in each call", got=f"called ask with {' and '.join(sorted(sizes))}")


class _Pages:
    """A shop's lists, page by page, as a function to ask. The page of the number `refuses`, from 0 on, is refused."""

    def __init__(self, shop: Shop, refuses: int | None = None):
        self.shop, self.refuses = shop, refuses
        self.made: list[dict] = []
        self.given: list[int] = []  # when each object of a page was made

    def ask(self, path, params=None) -> dict:
        """The JSON of a page, or ValueError with what Stripe would say."""
        sent = {str(key): str(value) for key, value in dict(params or {}).items() if value is not None}
        self.made.append(sent)
        if len(self.made) - 1 == self.refuses:
            raise ConnectionError("no answer in five tries")
        name = str(path).removeprefix("/v1/")
        if name not in self.shop.lists:
            raise ValueError(f"Unrecognized request URL (GET: {path!s:.80}).")
        try:
            found = page(self.shop.lists[name], name, list(sent.items()))
        except ValueError as e:
            raise ValueError(e.args[-1]) from None
        self.given += [obj["created"] for obj in found["data"]]
        return found


def _expect_in_stripes_order(asked: CheckedFunction, got: list, oldest_first: list[dict]) -> None:
    expect_ids(asked, got, [c["id"] for c in oldest_first])
    asked.expect(
        [id_of(c) for c in got] == [c["id"] for c in reversed(oldest_first)],
        "them as Stripe lists them, also those of one second",
        got="returned them in another order",
    )


def _free_second(charges: list[dict], before: int) -> int:
    """A moment before about so many of the newest charges, at which none was made."""
    taken = {c["created"] for c in charges}
    return next(at for at in range(charges[-before]["created"], 0, -1) if at not in taken)


@repeatable
def newest_version_wins(function) -> None:
    asked = CheckedFunction(
        function, look="the first event of an object in the list is its newest; and look at its \"object\""
    )
    many = [charge(at) for at in moments(12)]
    told = [stripe_event("charge.succeeded", obj, obj["created"]) for obj in many]
    for obj in draw.choices(many[:6], k=20):
        obj["amount_refunded"] += draw.randint(1, 50)
        told.append(stripe_event("charge.refunded", obj, NOW - DAY))
    del many[0]["customer"]
    told.append(stripe_event("charge.updated", many[0], NOW - DAY))
    dispute = {"id": "dp_1", "object": "dispute", "charge": many[0]["id"], "amount": 5}
    told += [stripe_event("charge.dispute.created", dispute, NOW), stripe_event("customer.created", customer(NOW), NOW)]
    got = asked(
        told[::-1],
        "charge",
        when="on events of 12 charges, some of them refunded several times, of a dispute and a customer",
    )
    asked.expect(isinstance(got, dict), "a dict: by id the object")
    asked.expect(
        got.keys() == {obj["id"] for obj in many},
        "the ids of the 12 charges, and no others",
        got=f"returned {len(got)} ids",
    )
    wrong = [id for id, obj in got.items() if obj != next(c for c in many if c["id"] == id)]
    asked.expect(not wrong, "each as its newest event has it", got=f"returned another version of {len(wrong)} charges")
    got = asked(told[::-1], "dispute", when="on the same events, with the kind dispute")
    asked.expect(got == {"dp_1": dispute}, "the dispute alone, by its id")
    asked.expect(asked([], "charge", when="on no events") == {}, "{}")
