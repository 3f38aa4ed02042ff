import re
import warnings
from datetime import date, timedelta
from decimal import Decimal

import pytest
import yaml
from pydantic import ValidationError

from datasets.pricing import PATH, Price, PriceListError, UnknownPrice, load

ROLES = {"database", "compute", "ingestion", "warehouse", "transformation", "orchestration", "bi", "people"}
VENDORS = {"Fivetran", "Snowflake", "dbt Labs", "Metabase", "Airbyte", "Google Cloud", "Dagster Labs",
           "Amazon Web Services", "Astronomer"}


@pytest.fixture(scope="module")
def prices():
    return load()


def price(**fields) -> Price:
    """A price made for one test; what it does not say is of no matter there."""
    plain = {"id": "made_up", "vendor": "Nobody", "product": "Nothing", "role": "bi", "unit": "unit",
             "model": "per_unit", "billed": "monthly", "currency": "USD", "basis": "list",
             "source": "https://example.com/pricing", "read": "2026-11-25", "note": "For a test."}
    if not {"tiers", "amount"} & set(fields) and fields.get("basis") != "unknown":
        plain["amount"] = 1
    return Price.model_validate(plain | fields)


def tiers(*pairs) -> list[dict]:
    return [{"up_to": end, "amount": amount} for end, amount in pairs]


# The list


def test_every_role_of_a_stack_has_a_price(prices):
    assert {p.role for p in prices} == ROLES


def test_every_vendor_of_both_options_is_there(prices):
    assert VENDORS <= {p.vendor for p in prices}


@pytest.mark.parametrize("option, roles", [("A", {"database", "compute", "ingestion", "transformation", "bi"}),
                                           ("B", {"ingestion", "warehouse", "transformation", "bi"})])
def test_an_option_has_a_price_for_each_of_its_parts(prices, option, roles):
    assert roles <= {p.role for p in prices if option in p.options}


def test_every_price_has_a_page_and_the_day_it_was_read(prices):
    assert all(p.source.startswith("https://") and (p.dated or p.read) <= p.read for p in prices)


def test_what_was_read_in_a_copy_is_never_called_the_vendors_own_page(prices):
    assert [p.id for p in prices if p.basis == "list" and p.via] == []


def test_a_copy_that_was_generated_and_not_transcribed_is_at_most_reported(prices):
    generated = {"api-evangelist/airbyte", "api-evangelist/fivetran"}  # their files say `method: generated`
    assert {p.basis for p in prices if any(repository in (p.via or "") for repository in generated)} == {"reported"}


def test_every_estimate_has_a_page_of_its_own(prices):
    assert all(p.estimate.source not in (p.source, p.via) for p in prices if p.estimate)


def test_what_is_not_published_has_no_cost(prices):
    assert all(p.amount is None and not p.tiers for p in prices.of(basis="unknown"))


def test_what_is_not_published_says_what_is_missing(prices):
    assert all(p.not_listed for p in prices.of(basis="unknown"))


def test_one_currency_needs_no_rate_of_exchange(prices):
    assert {p.currency for p in prices} == {"USD"}


def test_a_price_is_found_by_its_id(prices):
    assert prices["metabase_starter"].vendor == "Metabase"


def test_an_id_that_is_not_there_is_told_the_nearest(prices):
    with pytest.raises(KeyError, match="no price 'metabase_free'; there are metabase_open_source, metabase_starter"):
        prices["metabase_free"]


def test_the_list_cannot_be_changed(prices):
    with pytest.raises(ValidationError, match="frozen"):
        prices["dbt_core"].amount = Decimal(1)


def test_an_old_price_is_warned_about_and_no_more(prices):
    for old in prices.stale(date.today()):
        warnings.warn(f"{old.id} is of {old.dated or old.read}: look it up again at {old.source}", stacklevel=1)


@pytest.mark.parametrize("days, stale", [(365, False), (366, True)])
def test_a_dated_price_is_stale_after_a_year_whenever_it_was_read(days, stale):
    dated = date(2026, 5, 6)
    assert price(dated=dated, read="2026-11-25").stale(dated + timedelta(days)) == stale


@pytest.mark.parametrize("days, stale", [(90, False), (91, True)])
def test_a_price_without_a_date_is_stale_three_months_after_it_was_read(days, stale):
    read = date(2026, 11, 25)
    assert (price(read=read).dated, price(read=read).stale(read + timedelta(days))) == (None, stale)


def test_a_price_that_its_page_does_not_show_any_more_is_stale_at_once():
    assert price(basis="former", read="2026-11-25").stale(date(2026, 11, 25))


def test_the_list_names_its_stale_prices(prices):
    assert {"ec2_t3_medium", "airbyte_standard"} <= {p.id for p in prices.stale(date(2026, 11, 30))}


# Hand-computed


@pytest.mark.parametrize("id, quantity, cost", [
    ("metabase_starter", 5, "100"),              # five users are in the base
    ("metabase_starter", 6, "106"),              # 100 + 1 * 6
    ("metabase_starter", 12, "142"),             # 100 + 7 * 6
    ("metabase_starter_annual", 12, "1535"),     # 1080 + 7 * 65, a year
    ("metabase_open_source", 40, "0"),
    ("dbt_starter_seats", 3, "300"),             # 3 * 100
    ("dbt_starter_models", 15_000, "0"),         # what comes with the plan
    ("dbt_starter_models", 15_001, "0.01"),
    ("dbt_starter_models", 36_000, "210.00"),    # 21,000 * 0.01: 40 models, 30 times a day, 30 days
    ("bigquery_queries", 1, "0"),                # the first TiB is free
    ("bigquery_queries", 3, "12.50"),            # 2 * 6.25
    ("bigquery_queries", 0.5, "0"),
    ("bigquery_storage_active", 210, "4.00"),    # (210 - 10) * 0.02
    ("snowflake_credit_standard", 60, "120"),    # X-Small, 2 hours a day, 30 days: 60 * 2.00
    ("airbyte_standard", 4, "10"),               # four credits are in the base
    ("airbyte_standard", 34, "85.0"),            # 10 + 30 * 2.50: 4 million rows of an API and 2.5 GB of a database
    ("rds_pg_t4g_medium", 730, "47.450"),        # a month: 730 * 0.065
    ("mwaa_small_environment", 730, "357.70"),   # a month: 730 * 0.49
    ("composer_dcu", 1000, "60.00"),
    ("dagster_starter", 6000, "310.000"),        # 100 + 6,000 * 0.035
    ("fivetran_model_runs", 5_000, "0"),
    ("fivetran_model_runs", 5_001, "0.01"),
    ("fivetran_model_runs", 30_000, "250.00"),   # 25,000 * 0.01
    ("fivetran_model_runs", 30_001, "250.007"),  # ... and one at 0.007
    ("fivetran_model_runs", 100_000, "740.000"),  # 250 + 70,000 * 0.007
    ("fivetran_model_runs", 150_000, "840.000"),  # 740 + 50,000 * 0.002
])
def test_a_cost_is_what_a_person_would_work_out(prices, id, quantity, cost):
    assert prices[id].cost(quantity) == Decimal(cost)


def test_a_year_in_advance_is_a_twelfth_a_month(prices):
    assert prices["metabase_starter_annual"].monthly(5) == 90  # 1080 / 12


def test_a_month_is_a_month(prices):
    assert prices["metabase_starter"].monthly(6) == 106


# The arithmetic at its edges


def test_a_flat_price_is_due_even_unused():
    assert price(model="flat", amount=30).cost(0) == price(model="flat", amount=30).cost(99) == 30


def test_tenths_add_up_exactly():
    assert price(amount=0.1).cost(3) == Decimal("0.3")


def test_a_quantity_with_a_fraction_is_taken_by_its_digits():
    assert price(amount=10).cost(0.1) == 1


@pytest.mark.parametrize("quantity, cost", [(0, 0), (1, 10), (10, 100), (11, 108), (20, 180), (21, 185)])
def test_graduated_units_cost_what_their_own_tier_says(quantity, cost):
    stairs = price(model="graduated", tiers=tiers((10, 10), (20, 8), (None, 5)))  # 21: 10*10 + 10*8 + 1*5
    assert stairs.cost(quantity) == cost


@pytest.mark.parametrize("edge, quantity, cost", [("included", 10, 100), ("included", 10.5, 84), ("included", 11, 88),
                                                  ("excluded", 9.5, 95), ("excluded", 10, 80), ("excluded", 11, 88)])
def test_volume_units_all_cost_what_the_last_ones_tier_says(edge, quantity, cost):
    assert price(model="volume", edge=edge, tiers=tiers((10, 10), (None, 8))).cost(quantity) == cost


def test_one_unit_more_can_cost_less_by_volume_and_never_when_graduated():
    steps = tiers((10, 10), (None, 8))
    by_volume, marginal = (price(model=m, tiers=steps) for m in ("volume", "graduated"))
    assert by_volume.cost(11) < by_volume.cost(10) < marginal.cost(11)


@pytest.mark.parametrize("edge", ["included", "excluded"])
def test_a_graduated_cost_does_not_depend_on_whose_the_edge_is(edge):
    assert price(model="graduated", edge=edge, tiers=tiers((10, 10), (None, 8))).cost(10) == 100


@pytest.mark.parametrize("quantity, cost", [(0, 0), (0.5, 7), (1, 7), (100, 7), (100.01, 14), (101, 14), (200, 14)])
def test_a_package_is_paid_as_soon_as_it_is_begun(quantity, cost):
    assert price(model="package", size=100, amount=7).cost(quantity) == cost


@pytest.mark.parametrize("quantity, cost", [(0, 0), (1, 25), (12, 25), (12.5, 25), (13, 26)])
def test_a_minimum_is_due_once_anything_is_used(quantity, cost):
    assert price(amount=2, minimum=25).cost(quantity) == cost


def test_a_minimum_counts_the_base_too():
    assert price(amount=2, base=20, minimum=25).cost(1) == 25


@pytest.mark.parametrize("quantity, cost", [(0, 50), (3, 50), (4, 51)])
def test_what_is_included_is_not_paid_again(quantity, cost):
    assert price(amount=1, base=50, included=3).cost(quantity) == cost


@pytest.mark.parametrize("model, more", [("per_unit", {}), ("graduated", {"tiers": tiers((10, 3), (None, 2))}),
                                         ("package", {"size": 7, "amount": 5})])
def test_more_never_costs_less(model, more):
    costs = [price(model=model, included=4, minimum=6, **more).cost(n / 4) for n in range(200)]
    assert costs == sorted(costs)


@pytest.mark.parametrize("bad", [-1, -0.01, float("nan"), float("inf"), Decimal("NaN"), True, "7", None])
def test_a_quantity_that_is_no_amount_is_refused_in_one_line(bad):
    with pytest.raises(ValueError, match=r"^quantity must be a number of 0 or more, not .+$"):
        price().cost(bad)


# What nobody publishes


def test_an_unpublished_price_is_refused_with_the_way_out(prices):
    with pytest.raises(UnknownPrice, match=r"^Google Cloud does not publish .+ \(looker_standard\): use bounds"):
        prices["looker_standard"].cost(1)


def test_an_unpublished_price_without_an_estimate_has_no_bounds(prices):
    with pytest.raises(UnknownPrice, match="ask their sales$"):
        prices["dbt_enterprise"].bounds(1)


def test_an_estimate_has_two_ends(prices):
    assert prices["snowflake_storage"].bounds(2) == (46, 80)  # 2 * 23, 2 * 40


def test_looker_costs_its_platform_and_its_users(prices):
    platform, users = prices["looker_standard"].bounds(1), prices["looker_users"].bounds(35)
    assert (platform, users) == ((36_000, 60_000), (9_000, 17_250))  # 25 users beyond 10, at 360 and at 690


def test_a_known_price_has_one_end(prices):
    assert prices["dbt_starter_seats"].bounds(3) == (300, 300)


@pytest.mark.parametrize("million, cost", [(0, 0), (0.001, 5), (0.01, 5), (0.2, 100)])
def test_an_estimate_keeps_the_minimum_that_is_published(prices, million, cost):
    assert prices["fivetran_standard_mar"].bounds(million) == (cost, cost)  # at 500 a million, at least 5


# A broken file


def broken(folder, change) -> str:
    """What load() says of the list with its first entry changed."""
    entries = yaml.safe_load(PATH.read_text("utf-8"))[:2]
    change(entries)
    file = folder / "pricing.yaml"
    file.write_text(yaml.safe_dump(entries), "utf-8")
    with pytest.raises(PriceListError) as error:
        load(file)
    return str(error.value)


@pytest.mark.parametrize("field, value, says", [
    ("amount", -1, "amount: Input should be greater than or equal to 0"),
    ("amount", "cheap", "amount: Input should be a valid decimal"),
    ("amount", None, "needs an amount"),
    ("source", "http://aiven.io/pricing", "source: String should match"),
    ("source", "https://", "source: String should match"),
    ("dated", date(2027, 1, 1), "dated must not be later than read"),
    ("basis", "list", "was read on the vendor's own page, so it has no via"),
    ("via", None, "is a copy, so it needs a via"),
    ("read", "yesterday", "read: Input should be a valid date"),
    ("currency", "dollars", "currency: String should match"),
    ("role", "magic", "role: Input should be 'database'"),
    ("size", 100, "needs a size if sold in packages, and only then"),
    ("tiers", tiers((None, 1)), "needs tiers if graduated or volume, and only then"),
    ("estimate", {"low": 1, "high": 2, "source": "https://example.com/x", "note": "x"}, "has an estimate although"),
    ("colour", "red", "colour: Extra inputs are not permitted"),
])
def test_a_wrong_field_is_named_with_its_entry(tmp_path, field, value, says):
    said = broken(tmp_path, lambda entries: entries[0].update({field: value}))
    assert said.startswith("pricing.yaml: aiven_pg_hobbyist: ") and says in said


@pytest.mark.parametrize("steps, says", [
    (tiers((10, 1), (20, 1)), "the last tier must be open"),
    (tiers((None, 1), (20, 1), (None, 1)), "only the last tier may be open"),
    (tiers((10, 1), (10, 1), (None, 1)), "each tier must end above the one before it"),
    (tiers((0, 1), (None, 1)), "greater than 0"),
    ([], "needs tiers if graduated"),
])
def test_tiers_that_leave_a_hole_are_refused(steps, says):
    with pytest.raises(ValidationError, match=says):
        price(model="graduated", tiers=steps)


def test_an_estimate_upside_down_is_refused():
    with pytest.raises(ValidationError, match="low must not be more than high"):
        price(basis="unknown", estimate={"low": 2, "high": 1, "source": "https://example.com/x", "note": "x"})


def test_an_id_twice_is_named(tmp_path):
    said = broken(tmp_path, lambda entries: entries.append(entries[0]))
    assert "each id must be there once: aiven_pg_hobbyist" in said


def test_a_missing_field_is_named(tmp_path):
    assert "aiven_pg_hobbyist: note: Field required" in broken(tmp_path, lambda entries: entries[0].pop("note"))


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "must hold a list"),
        ("prices: 3", "must hold a list"),
        ("- just words", "entry 1"),
        ("- {id: [", "is not YAML"),
        ("\x00", "is not YAML"),
    ],
)
def test_a_file_that_holds_no_list_is_refused(tmp_path, text, says):
    (tmp_path / "pricing.yaml").write_text(text, "utf-8")
    with pytest.raises(PriceListError, match=says):
        load(tmp_path / "pricing.yaml")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PriceListError, match="pricing.yaml: cannot be read: No such file"):
        load(tmp_path / "pricing.yaml")


def test_what_is_said_of_a_broken_file_is_two_lines(tmp_path):
    said = broken(tmp_path, lambda entries: entries[0].update(amount=-1))
    assert re.fullmatch(r"[^\n]+\nFix the file, or take it back from the course repository\.", said)
