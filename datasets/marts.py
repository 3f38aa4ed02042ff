"""What each mart of the warehouse must hold, to the cent: counted from the world itself, without SQL or JSON.

    truth = Marts(World(seed=7, households=50), days=56)
    truth.fct_mrr()             # a list of rows, each a dictionary of its columns

The definitions are those of the marts' descriptions: months and weeks are the company's, in New York; MRR is at budget
rates, without trials and pauses; money is at the rate Stripe settled with. `days` of the product's events are known.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from datasets.billing import Billing
from datasets.billing.facts import Facts, Stretch
from datasets.billing.prices import RATES, rounded
from datasets.crm import spreadsheet
from datasets.mess import Mess
from datasets.product import DAYS, Product
from datasets.product_sessions import TEST
from datasets.shape import DAY, NEVER, SHAPE
from datasets.world import EARNS, World

COMPANY = ZoneInfo("America/New_York")
FIRST_MONTH = date(2024, 6, 1)  # in New York the launch is on the last evening of June
ACTIVATION = 28 * DAY
MOVEMENTS = ("new", "expansion", "contraction", "churn", "reactivation")


class Marts:
    """The truth of one world."""

    def __init__(self, world: World, days: int):
        self.world, self.days = world, days

    @cached_property
    def facts(self) -> Facts:
        return Billing(self.world).facts

    @cached_property
    def tables(self) -> dict[str, list[dict]]:
        """Production's rows, moments in Unix seconds, None for what has not happened."""
        found = {}
        for name, frame in self.world._frames.items():
            rows = frame.to_dict("records")
            found[name] = [{c: None if v == NEVER and c.endswith("_at") else v for c, v in row.items()} for row in rows]
        return found

    # MRR

    def fct_mrr_movements(self) -> list[dict]:
        """By household and month."""
        rows = []
        for household, balances in self._balances().items():
            opening, paid = 0, False
            for month, closing in zip(months(), balances, strict=True):
                if opening or closing:
                    rows.append({"household_id": household, "month": month, "opening_mrr_cents": opening,
                                 "closing_mrr_cents": closing, "change_cents": closing - opening,
                                 "movement": movement(opening, closing, paid)})
                opening, paid = closing, paid or closing > 0
        return sorted(rows, key=lambda row: (row["household_id"], row["month"]))

    def fct_mrr(self) -> list[dict]:
        """By month."""
        moved = defaultdict(list)
        for row in self.fct_mrr_movements():
            moved[row["month"]].append(row)
        return [_month_of_mrr(month, moved[month]) for month in months()]

    def _balances(self) -> dict[int, list[int]]:
        """Of each household that ever paid, the MRR at the end of each month."""
        found: dict[int, list[int]] = defaultdict(lambda: [0] * len(months()))
        for nth, month in enumerate(months()):
            at = end_of(month) - 1
            for stretch in self.facts.stretches:
                if stretch.start <= at < stretch.end:
                    found[stretch.household][nth] += budgeted(stretch)
        return found

    def fct_subscriptions(self) -> list[dict]:
        """By production's number of the subscription, what production and the payments know of it."""
        first: dict[int, int] = {}
        now: Counter[int] = Counter()
        for stretch in self.facts.stretches:
            first[stretch.subscription] = min(stretch.start, first.get(stretch.subscription, NEVER))
            if stretch.end >= SHAPE.now and stretch.start < SHAPE.now:
                now[stretch.subscription] += budgeted(stretch)
        return [{"production_subscription_id": row["id"], "household_id": row["household_id"],
                 "plan_id": row["plan_id"], "started_at": moment(row["started_at"]),
                 "first_paid_at": moment(first.get(row["id"])), "ended_at": moment(row["ended_at"]),
                 "mrr_cents": 0 if row["ended_at"] else now[row["id"]]} for row in self.tables["subscriptions"]]

    # Money

    def fct_net_revenue(self) -> list[dict]:
        """By month in which money moved."""
        kinds = {"charge": "gross_cents", "refund": "refunds_cents", "dispute": "disputes_cents",
                 "reinstated": "disputes_cents", "fee": "fees_cents"}
        found: dict[date, dict] = {}
        for money in self.facts.money:
            row = found.setdefault(month_of(money.at), dict.fromkeys([*kinds.values(), "net_revenue_cents"], 0))
            row[kinds[money.what]] += money.settled
            row["net_revenue_cents"] += money.settled
        return [{"month": month} | found[month] for month in sorted(found)]

    # Customers

    def fct_activation_funnel(self) -> list[dict]:
        """By month of the sign-up."""
        subscribed = defaultdict(list)
        for row in self.tables["subscriptions"]:
            subscribed[row["household_id"]].append(row["started_at"])
        ordered = defaultdict(list)
        for row in self.tables["orders"]:
            ordered[row["household_id"]].append(row["placed_at"])
        found: dict[date, list[tuple]] = defaultdict(list)
        for home in self.tables["households"]:
            until = home["signed_up_at"] + ACTIVATION
            starts = any(at < until for at in subscribed[home["id"]])
            orders = sum(at < until for at in ordered[home["id"]]) if starts else 0
            found[month_of(home["signed_up_at"])].append((starts, orders >= 1, orders >= 2, until <= SHAPE.now))
        return [_funnel(month, found[month]) for month in sorted(found)]

    def dim_customers(self) -> list[dict]:
        """By household."""
        owners = {row["household_id"]: row for row in self.tables["people"] if row["is_owner"]}
        people = Counter(row["household_id"] for row in self.tables["people"])
        orders = defaultdict(list)
        for row in self.tables["orders"]:
            orders[row["household_id"]].append(row)
        mrr: Counter[int] = Counter()
        for row in self.fct_subscriptions():
            mrr[row["household_id"]] += row["mrr_cents"]
        seen, crm = self._seen(), self._crm_contacts()
        return [_customer(home, owners[home["id"]], orders[home["id"]], seen.get(home["id"], []))
                | {"people": people[home["id"]], "mrr_cents": mrr[home["id"]], "crm_contacts": crm[home["id"]]}
                for home in self.tables["households"]]

    def _crm_contacts(self) -> Counter[int]:
        """Of each household, the rows of the sheet that name a member: by e-mail, else by name and telephone number
        together, where only one person has both."""
        by_email = {person["email"].lower(): person["household_id"] for person in self.tables["people"]}
        by_both = defaultdict(list)
        for person in self.tables["people"]:
            by_both[digits(person["phone"]), person["full_name"].lower()].append(person["household_id"])
        found: Counter[int] = Counter()
        for row in spreadsheet(self.world).to_dict("records"):
            email, phone = row["Email"], row["Phone"]
            if phone and "@" in phone:
                email, phone = phone, email
            home = by_email.get(tidy(email))
            if home is None:
                same = by_both.get((digits(phone), tidy(row["Contact name"])), [])
                home = same[0] if len(same) == 1 and digits(phone) else None
            if home is not None:
                found[home] += 1
        return found

    # Product

    def fct_weekly_active_households(self) -> list[dict]:
        """By week, from Monday."""
        found: dict[date, dict[str, set]] = defaultdict(lambda: defaultdict(set))
        for person, home, at, web in self._acts:
            week = found[week_of(at // 1000)]
            week["active_people"].add(person)
            week["active_households"].add(home)
            week["active_households_web" if web else "active_households_mobile"].add(home)
        names = ("active_households", "active_people", "active_households_web", "active_households_mobile")
        return [{"week": week} | {name: len(found[week][name]) for name in names} for week in sorted(found)]

    def _seen(self) -> dict[int, list[int]]:
        """Of each household, the milliseconds at which a member did something; a website's are whole seconds."""
        found = defaultdict(list)
        for _, home, at, web in self._acts:
            found[home].append(at // 1000 * 1000 if web else at)
        return found

    @cached_property
    def _acts(self) -> list[tuple[int, int, int, bool]]:
        """Person, household, milliseconds as the tool has them, and whether on the website, of all that people did
        under their name."""
        return [act for day in range(max(0, DAYS - self.days), DAYS) for act in self._acts_of(day)]

    def _acts_of(self, day: int) -> Iterator[tuple[int, int, int, bool]]:
        product = Product(self.world)
        for messy in Mess(product).batches(day):
            events = messy.events
            web, who = events.of("web"), events.of("who")
            known = events.known() & (events.of("kind") != TEST)
            at = events.time + messy.skew * web  # Amplitude knows how far a phone's clock is off
            yield from zip((who[known] + 1).tolist(), (product.cast.home[who[known]] + 1).tolist(), at[known].tolist(),
                           web[known].tolist(), strict=True)


def months() -> list[date]:
    """First days of the company's months."""
    count = (2026 - FIRST_MONTH.year) * 12 + 6 - FIRST_MONTH.month + 1
    return [_later(FIRST_MONTH, nth) for nth in range(count)]


def end_of(month: date) -> int:
    """When a month of the company is over, in Unix seconds; the running one is now."""
    midnight = datetime.combine(_later(month, 1), datetime.min.time(), COMPANY)
    return min(int(midnight.timestamp()), SHAPE.now)


def month_of(at: int) -> date:
    return datetime.fromtimestamp(at, COMPANY).date().replace(day=1)


def week_of(at: int) -> date:
    """The Monday before a moment, or its own day."""
    day = datetime.fromtimestamp(at, COMPANY).date()
    return day - timedelta(day.weekday())


def moment(at: int | None, milliseconds: int = 0) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC) + timedelta(milliseconds=milliseconds)


def budgeted(stretch: Stretch) -> int:
    """US cents a month at the budget rate."""
    return rounded(stretch.amount, RATES[stretch.currency][0], 10_000)


def movement(opening: int, closing: int, paid_before: bool) -> str:
    """What a change of MRR is called."""
    if opening == closing:
        return "none"
    if not opening:
        return "reactivation" if paid_before else "new"
    return "churn" if not closing else "expansion" if closing > opening else "contraction"


def tidy(text: str | None) -> str:
    return (text or "").replace("\u00a0", " ").strip(" ").lower()


def digits(phone: str | None) -> str:
    """The last ten digits."""
    return "".join(filter(str.isdigit, phone or ""))[-10:]


def _later(month: date, by: int) -> date:
    year, nth = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, nth + 1, 1)


def _month_of_mrr(month: date, rows: list[dict]) -> dict:
    changes = {name: sum(row["change_cents"] for row in rows if row["movement"] == name) for name in MOVEMENTS}
    counts = Counter(row["movement"] for row in rows)
    return ({"month": month, "opening_mrr_cents": sum(row["opening_mrr_cents"] for row in rows),
             "closing_mrr_cents": sum(row["closing_mrr_cents"] for row in rows)}
            | {f"{name}_mrr_cents": cents for name, cents in changes.items()}
            | {"paying_customers": sum(row["closing_mrr_cents"] > 0 for row in rows), "new_customers": counts["new"],
               "churned_customers": counts["churn"], "reactivated_customers": counts["reactivation"]})


def _funnel(month: date, homes: list[tuple]) -> dict:
    subscribed, ordered, again, complete = zip(*homes, strict=True)
    return {"month": month, "signed_up": len(homes), "subscribed": sum(subscribed), "ordered": sum(ordered),
            "ordered_again": sum(again), "is_complete": all(complete)}


def _customer(home: dict, owner: dict, orders: list[dict], seen: list[int]) -> dict:
    placed = [order["placed_at"] for order in orders]
    return {
        "customer_id": home["id"], "owner_person_id": owner["id"], "owner_name": owner["full_name"],
        "owner_email": owner["email"].lower(), "city": home["city"], "country": home["country"],
        "sign_up_channel": home["channel"], "signed_up_at": moment(home["signed_up_at"]), "orders": len(orders),
        "order_revenue_cents": sum(order["total_cents"] for order in orders if order["status"] in EARNS),
        "first_order_at": moment(min(placed, default=None)), "last_order_at": moment(max(placed, default=None)),
        "first_seen_at": _moment_ms(min(seen, default=None)), "last_seen_at": _moment_ms(max(seen, default=None)),
    }


def _moment_ms(at: int | None) -> datetime | None:
    return None if at is None else moment(at // 1000, at % 1000)
