"""People's sessions and events on the website and in the apps:
the same every time, true to the world, any day by itself."""

import hashlib
import tracemalloc
from datetime import date

import numpy as np
import pyarrow.dataset as ds
import pytest

from datasets import parquet
from datasets.parquet import SCHEMA, write
from datasets.product import Product, date_of, day_at, day_of
from datasets.product_cast import cast, cast_apart
from datasets.product_devices import platform, release
from datasets.product_plan import CODE, EVENTS, FUNNEL, RELEASES
from datasets.product_sessions import BROWSE, DAYS, ORDER, VISIT, offset, start_of, strangers
from datasets.product_truth import truth as true_of
from datasets.shape import HOUR, SHAPE
from datasets.sizes import SIZES
from datasets.world import World

COLUMNS = ("code", "time", "recipe", "number", "key")
WORLDS = [(7, 20), (3, 30)]


@pytest.fixture(scope="module", params=WORLDS, ids="seed {0[0]}, {0[1]} households".format)
def product(request):
    return Product(World(*request.param))


@pytest.fixture(scope="module")
def happened(product):
    """Every event of both years, as columns: those of events and those of their sessions."""
    every = [e for day in product.days for e in product.events(day) if len(e)]
    parts = [{name: getattr(e, name) for name in COLUMNS} | {"known": e.known()} |
             {name: e.of(name) for name in ("kind", "who", "device", "web", "ref", "began", "member")} |
             {"release": release(e.sessions)[e.session], "platform": platform(e.sessions)[e.session]} for e in every]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def those(happened, name: str) -> dict:
    """The columns of the events of a name."""
    rows = happened["code"] == CODE[name]
    return {column: values[rows] for column, values in happened.items()}


def digest(product, days) -> str:
    found = hashlib.sha256()
    for day in days:
        for e in product.events(day):
            found.update(b"".join(getattr(e, name).astype("<i8").tobytes() for name in COLUMNS))
    return found.hexdigest()


# The same events, every time


def test_the_same_world_has_the_same_events():
    assert digest(Product(World(4, 20)), range(300, 310)) == digest(Product(World(4, 20)), range(300, 310))


def test_these_are_the_events_of_one_week_on_every_machine():
    # It changes with a parameter of product_sessions or product_events, and then deserves a line in the commit.
    assert (
        digest(Product(World(7, 20)), range(500, 507))
        == "3a9241b7634e0d21596bd4ffc38b2bb5c9dad6f0976fd9b56425a33942ab880a"
    )


def test_another_seed_has_other_events():
    assert digest(Product(World(4, 20)), [300]) != digest(Product(World(5, 20)), [300])


def test_a_day_alone_is_that_day_of_a_run():
    run = Product(World(4, 20))
    digest(run, range(690, 700))
    assert digest(run, [700]) == digest(Product(World(4, 20)), [700])


def test_the_events_change_nothing_in_the_world():
    world = World(7, 100)
    digest(Product(world), [600])
    assert world.checksum() == World(7, 100).checksum()


@pytest.mark.slow
def test_a_cast_from_another_process_is_the_same():
    mine, other = cast(World(7, 20)), cast_apart(7, 20)
    assert all(
        np.array_equal(getattr(mine, name), getattr(other, name)) for name in ("joined", "web_share", "line_recipe")
    )


def test_a_small_world_has_about_a_million_events():
    sample = Product(World(7, SIZES["small"]))
    assert 900_000 < 20 * sum(len(e) for day in range(0, DAYS, 20) for e in sample.events(day)) < 1_100_000


# True to the world


def test_every_order_is_placed_by_one_event(product, happened):
    placed = those(happened, "Order Placed")
    assert sorted(placed["ref"]) == list(range(product.world.orders_count()))


def test_an_order_is_placed_at_its_moment_by_a_member_of_its_household(product, happened):
    placed, orders = those(happened, "Order Placed"), product.world._frames["orders"].iloc
    rows = orders[those(happened, "Order Placed")["ref"]]
    assert ((placed["time"] // 1000 == rows["placed_at"].to_numpy()) &
            (product.cast.home[placed["who"]] + 1 == rows["household_id"].to_numpy())).all()


def test_an_order_is_placed_on_its_platform(product, happened):
    placed = those(happened, "Order Placed")
    assert (placed["web"] == product.cast.orders["web"][placed["ref"]]).all()


def test_the_orders_recipes_were_added_before_it(product, happened):
    added = those(happened, "Recipe Added")
    ordered = added["kind"] == ORDER
    found = sorted(zip(added["ref"][ordered], added["recipe"][ordered], strict=True))
    lines = product.world._frames["order_items"]
    assert found == sorted(zip(lines["order_id"] - 1, lines["recipe_id"] - 1, strict=True))


def test_everybody_signs_up_once_at_their_moment(product, happened):
    signed = those(happened, "Signed Up")
    order = np.argsort(signed["who"])
    assert (signed["who"][order].tolist(), (signed["time"][order] // 1000).tolist()) == (
        list(range(len(product.cast.home))), product.cast.joined.tolist())


def test_nothing_before_the_sign_up_names_the_person(product, happened):
    known = happened["known"]
    assert (happened["time"][known] >= product.cast.joined[happened["who"][known]] * 1000).all()


def test_nothing_after_the_sign_up_is_anonymous(product, happened):
    somebody = ~happened["known"] & (happened["who"] >= 0)
    assert (happened["time"][somebody] <= product.cast.joined[happened["who"][somebody]] * 1000).all()


def test_a_visit_before_signing_up_is_on_the_device_of_the_sign_up(happened):
    ups = those(happened, "Signed Up")
    signed = dict(zip(ups["who"].tolist(), ups["device"].tolist(), strict=True))
    visits = happened["kind"] == VISIT
    visitors, devices = happened["who"][visits].tolist(), happened["device"][visits].tolist()
    assert all(signed[who] == device for who, device in zip(visitors, devices, strict=True))


def test_every_subscription_is_started_by_one_event(product, happened):
    started = those(happened, "Subscription Started")
    order = np.argsort(started["ref"])
    assert (started["time"][order] // 1000).tolist() == product.world._frames["subscriptions"]["started_at"].tolist()


def test_only_members_fill_boxes(happened):
    assert those(happened, "Recipe Added")["member"].all()


def test_no_recipe_is_seen_before_it_is_published(product, happened):
    with_one = (happened["recipe"] >= 0) & (happened["kind"] == BROWSE)
    assert (happened["time"][with_one] >= product.cast.published[happened["recipe"][with_one]] * 1000).all()


def test_no_release_is_used_before_it_is_out(happened):
    out = np.array([[at for _, at in column] for column in RELEASES])[happened["platform"], happened["release"]]
    assert (happened["time"] >= out * 1000).all()


def test_no_two_events_have_one_key(happened):
    assert len(np.unique(happened["key"])) == len(happened["key"])


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_of_the_plan_happens(happened, name):
    assert len(those(happened, name)["time"])


# Time


def test_every_event_lies_in_its_day(product):
    assert all((day_at(e.time // 1000) == day).all() for day in range(0, DAYS, 7) for e in product.events(day))


def test_a_session_goes_forward_from_its_first_event(product):
    assert all(
        (np.diff(e.time)[np.diff(e.session) == 0] >= 0).all()
        and (e.time[np.diff(e.session, prepend=-1) > 0] == e.sessions.began).all()
        for day in range(0, DAYS, 7)
        for e in product.events(day)
        if len(e)
    )


@pytest.mark.parametrize(
    "moment, hours",
    [
        ("2025-03-09T06:59:59", -5),
        ("2025-03-09T07:00:00", -4),
        ("2025-11-02T05:59:59", -4),
        ("2025-11-02T06:00:00", -5),
        ("2024-07-01T00:00:00", -4),
    ],
)
@pytest.mark.parametrize("zone", ["America/New_York", "America/Toronto"])
def test_clocks_on_the_wall_change_with_summer(zone, moment, hours):
    assert offset(zone, np.array([np.datetime64(moment, "s").astype(int)]))[0] == hours * HOUR


def test_people_keep_their_habits_by_the_clock_on_their_wall():
    crowd = Product(World(7, 400))
    peaks = [_peak(crowd, first) for first in (day_of(date(2026, 2, 1)), day_of(date(2026, 6, 1)))]
    assert (peaks[0] - peaks[1]) == 1  # an hour earlier in UTC


def _peak(product, first: int) -> int:
    """The hour of UTC in which most sessions of a fortnight start."""
    starts = [
        sessions.at[sessions.kind == BROWSE] for day in range(first, first + 14) for sessions in [product.sessions(day)]
    ]
    return int(np.bincount(np.concatenate(starts) % 86_400 // HOUR).argmax())


def test_days_are_numbered_from_the_launch():
    assert (day_of(date(2024, 7, 1)), date_of(0), day_at(SHAPE.now - 1), start_of(0)) == (
        0,
        date(2024, 7, 1),
        DAYS - 1,
        SHAPE.launch,
    )


def test_strangers_come_in_proportion():
    assert sum(strangers(day, 50) for day in range(DAYS)) == 400


# The truth


@pytest.fixture(scope="module")
def truth(product):
    return true_of(product)


def test_the_truth_has_every_day_and_month(truth):
    assert (
        len(truth["metrics"]["dau"]),
        len(truth["metrics"]["wau"]),
        len(truth["metrics"]["mau"]),
        len(truth["metrics"]["funnel"]),
    ) == (DAYS, DAYS, 24, DAYS + 24)


def test_active_people_are_those_with_an_event(truth, happened):
    day = day_of(date(2026, 6, 10))
    rows = (happened["time"] // 1000 >= start_of(day)) & (happened["time"] // 1000 < start_of(day + 1))
    visitors = np.where(happened["who"] < 0, -happened["device"], happened["who"])[rows]
    assert truth["metrics"]["dau"]["2026-06-10"] == len(np.unique(visitors))


def test_people_on_both_platforms_count_once(truth):
    m = truth["metrics"]
    assert all(max(web, mobile) <= both <= web + mobile for both, web, mobile in
               zip(m["mau"].values(), m["mau_web"].values(), m["mau_mobile"].values(), strict=True))


def test_more_people_in_longer_times(truth):
    m = truth["metrics"]
    assert all(m["dau"][day] <= m["wau"][day] for day in m["dau"]) and all(
        m["dau"][day] <= m["mau"][day[:7]] for day in m["dau"]
    )


def test_sign_ups_of_the_funnel_are_those_of_production(truth, product):
    by_month = truth["metrics"]["funnel"]
    assert sum(steps["Signed Up"] for key, steps in by_month.items() if len(key) == 7) == len(product.cast.home)


def test_the_funnel_has_all_of_its_steps_in_order(truth):
    assert tuple(truth["metrics"]["funnel"]["2026-06"]) == FUNNEL


# Parquet


def test_parquet_holds_every_event_by_month(product, folder):
    done = write(product, folder, range(300, 345))
    table = ds.dataset(folder, format="parquet", partitioning="hive").to_table()
    assert (table.num_rows, sorted(set(table["month"].to_pylist()))) == (done.rows, ["2025-04", "2025-05", "2025-06"])


def test_parquet_has_its_schema_in_every_file(product, folder):
    files = write(product, folder, range(300, 345)).files
    assert all(ds.dataset(file).schema.equals(SCHEMA.with_metadata(None), check_metadata=False) for file in files)


def test_parquet_knows_every_order(product, folder):
    write(product, folder, range(600, 660))
    table = ds.dataset(folder, format="parquet", partitioning="hive").to_table(
        filter=ds.field("event").isin(["Order Placed"])
    )
    orders = product.world._frames["orders"].set_index("id")["total_cents"]
    known = table.filter(ds.field("order_id").is_valid()) if table.num_rows else table
    assert [orders[id] for id in known["order_id"].to_pylist()] == known["total_cents"].to_pylist()


def test_parquet_is_never_written_over(product, folder):
    write(product, folder, range(300, 301))
    with pytest.raises(FileExistsError, match="take an empty folder"):
        write(product, folder, range(300, 301))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_days(folder, monkeypatch):
    monkeypatch.setattr(parquet, "ROW_GROUP", 10_000)
    large = Product(World(7, 500))
    _ = large.cast  # made once, before anything is measured
    assert _peak_of(large, folder / "long", range(500, 540)) < 1.5 * _peak_of(large, folder / "short", range(530, 540))


def _peak_of(product, folder, days) -> int:
    tracemalloc.start()
    write(product, folder, days)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
