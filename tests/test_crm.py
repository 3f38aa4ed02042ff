import hashlib
import io

import pandas as pd
import pytest
from openpyxl import load_workbook

from datasets import crm, sample
from datasets.crm_mistakes import KINDS, respelled, typo
from datasets.world import LAUNCH, NOW, World

WORLDS = [(7, 2000), (3, 400), (11, 60)]
EVERY_KIND = {*KINDS, "duplicate", "swapped_columns", "total_row"}


@pytest.fixture(scope="module", params=WORLDS, ids="seed {0[0]}, {0[1]} households".format)
def world(request):
    return World(*request.param)


@pytest.fixture(scope="module")
def sheet(world):
    return crm.spreadsheet(world)


@pytest.fixture(scope="module")
def errors(world):
    return crm.errors(world)


@pytest.fixture(scope="module")
def matches(world):
    return crm.matches(world).set_index("row")


@pytest.fixture(scope="module")
def clean(sheet, errors):
    """The sheet with every error fixed, and the rows that should not be there taken out."""
    fixed, gone = sheet.copy(), errors["kind"].isin(["duplicate", "total_row"])
    for error in errors[~gone].itertuples():
        fixed.loc[error.row, error.column] = error.right
    return fixed.drop(errors.loc[gone, "row"])


# The same, every time


def test_the_same_world_has_the_same_sheet(world, sheet):
    assert crm.spreadsheet(World(world.seed, world.households)).equals(sheet)


def test_another_seed_has_another_sheet(world, sheet):
    assert not crm.spreadsheet(World(world.seed + 1, world.households)).equals(sheet)


def test_the_sheet_of_the_small_world_is_this_one_on_every_machine():
    # It changes with a word, a share or a new kind of error, and then deserves a line in the commit.
    parts = [part(World(7, 100)).to_csv(lineterminator="\n") for part in (crm.spreadsheet, crm.errors, crm.matches)]
    assert hashlib.sha256("".join(parts).encode()).hexdigest()[:12] == "dbe7ca0fa604"


def test_the_sheet_changes_nothing_in_the_world(world, sheet):
    assert world.checksum() == World(world.seed, world.households).checksum()


# The sheet


def test_every_cell_is_text_or_empty(sheet):
    assert sheet.map(lambda cell: cell is None or isinstance(cell, str)).all(axis=None)


def test_the_columns_are_those_of_a_sales_person(sheet):
    assert list(sheet) == crm.COLUMNS


def test_leads_are_people_and_accounts_are_firms(clean):
    assert (clean["Account"].isna() == (clean["Type"] == "Lead")).all()


def test_there_are_leads_partners_and_corporate_accounts(clean):
    assert set(clean["Type"]) == {"Lead", "Partner", "Corporate"}


def test_the_total_is_of_the_rows_above_it(sheet, errors):
    row = errors.set_index("kind").loc["total_row", "row"]
    fixed = sheet["USD a month"].copy()
    for error in errors[errors["column"] == "USD a month"].itertuples():
        fixed[error.row] = error.right
    assert int(sheet["USD a month"][row]) == fixed[:row].astype(int).sum()


def test_the_total_stands_in_the_middle(sheet, errors):
    row = errors.set_index("kind").loc["total_row", "row"]
    assert 0.4 < row / len(sheet) < 0.6


# The errors


def test_every_kind_of_error_is_made(errors):
    assert set(errors["kind"]) == EVERY_KIND


def test_an_error_is_a_cell_that_is_not_what_it_should_be(sheet, errors):
    assert all(sheet.loc[e.row, e.column] != e.right for e in errors.itertuples())


def test_no_cell_has_two_errors(errors):
    assert not errors.duplicated(["row", "column"]).any()


def test_most_cells_have_none(sheet, errors):
    assert 0.04 < len(errors) / sheet.notna().sum().sum() < 0.2


@pytest.mark.parametrize("column, form", [
    ("Email", r"[a-z]+\.[a-z]+\d+@example\.(com|net|org)"),
    ("Phone", r"\+1 [2-9]\d\d 555 01\d\d"),
    ("First contact", r"202[4-6]-\d\d-\d\d"),
    ("USD a month", r"[1-9]\d*"),
])
def test_mended_a_column_has_one_form(clean, column, form):
    assert clean[column].dropna().str.fullmatch(form).all()


def test_mended_no_cell_has_a_space_at_an_end(clean):
    assert clean.map(lambda cell: cell is None or cell == cell.strip(" \u00a0")).all(axis=None)


def test_mended_no_city_is_shouted(clean):
    assert not clean["City"].str.isupper().any()


def test_dates_stand_in_three_forms(sheet):
    forms = (
        sheet["First contact"]
        .dropna()
        .str.replace(r"\d+", "0", regex=True)
        .str.replace(r"[A-Z][a-z]+", "M", regex=True)
    )
    assert set(forms) == {"0-0-0", "0/0/0", "0 M 0"}


def test_a_swap_is_an_error_in_both_columns(sheet, errors):
    swapped = errors[errors["kind"] == "swapped_columns"]
    assert all(sheet.loc[row, "Email"] == pair["Phone"] and sheet.loc[row, "Phone"] == pair["Email"]
               for row, pair in swapped.pivot(index="row", columns="column", values="right").iterrows())


def test_a_duplicate_is_the_same_contact_further_down(matches, clean, sheet, errors):
    again = errors[errors["kind"] == "duplicate"]
    first = again["right"].astype(int)
    assert (first < again["row"]).all()
    assert matches.loc[first].reset_index(drop=True).equals(matches.loc[again["row"]].reset_index(drop=True))


def test_a_duplicate_spells_the_name_otherwise(sheet, clean, errors):
    again = errors[errors["kind"] == "duplicate"]
    assert all(sheet.loc[e.row, "Contact name"] != clean.loc[int(e.right), "Contact name"] for e in again.itertuples())


@pytest.mark.parametrize("draw", range(60))
def test_a_slip_never_makes_a_good_address_of_somebody_else(draw):
    slipped = typo("ana.li12@example.com", draw)
    assert "12" in slipped and (slipped.endswith("12@example.com") or "@example." not in slipped)


@pytest.mark.parametrize("name", ["Zoë Müller", "美咲 田中", "Min-jun Van-Dijk", "ana li"])
@pytest.mark.parametrize("draw", range(3))
def test_a_name_spelled_otherwise_is_another_word(name, draw):
    assert respelled(name, draw) not in ("", name)


# Who they are


def test_every_row_has_an_answer(sheet, matches):
    assert matches.index.tolist() == sheet.index.tolist()


def test_some_contacts_are_customers_and_some_are_nobody(matches):
    assert 0.3 < matches["person_id"].notna().mean() < 0.8


def test_a_match_is_a_person_of_that_household(world, matches):
    people = world.tables()["people"].set_index("id")["household_id"]
    known = matches.dropna()
    assert (known["person_id"].map(people) == known["household_id"]).all()


def test_a_matched_contact_has_that_persons_name_address_and_number(world, clean, matches):
    people = world.tables()["people"].set_index("id")
    known = clean.join(matches).dropna(subset=["person_id"])
    there = people.loc[known["person_id"]]
    assert known["Contact name"].tolist() == there["full_name"].tolist()
    assert known["Phone"].tolist() == there["phone"].tolist()
    assert (known["Email"].isna().to_numpy() | (known["Email"].to_numpy() == there["email"].to_numpy())).all()


def test_a_contact_can_always_be_reached_somehow(clean):
    assert (clean["Email"].notna() | clean["Phone"].notna()).all()


def test_nobody_else_has_an_address_of_production(world, clean, matches):
    strangers = clean[matches.loc[clean.index, "person_id"].isna()]
    assert not strangers["Email"].isin(world.tables()["people"]["email"]).any()


def test_a_contact_is_listed_once_but_for_the_duplicates(clean, matches):
    assert matches.loc[clean.index, "person_id"].dropna().is_unique


def test_a_customer_was_met_no_later_than_the_sign_up(world, clean, matches):
    people = world.tables()["people"].set_index("id")["created_at"]
    known = clean.join(matches).dropna(subset=["person_id"])
    met = pd.to_datetime(known["First contact"], utc=True)
    assert (met <= known["person_id"].map(people)).all()


def test_everybody_was_met_in_the_time_of_the_world(clean):
    met = pd.to_datetime(clean["First contact"], utc=True)
    assert met.between(LAUNCH, NOW, inclusive="left").all()


# As a file


def test_a_workbook_gives_back_the_sheet(tmp_path, world, sheet):
    rows = load_workbook(crm.write(world, tmp_path / "crm.xlsx")).active.iter_rows(values_only=True)
    assert list(rows) == [tuple(crm.COLUMNS), *sheet.itertuples(index=False, name=None)]


def test_a_csv_gives_back_the_sheet(tmp_path, world, sheet):
    back = pd.read_csv(crm.write(world, tmp_path / "crm.csv"), dtype=str, keep_default_na=False)
    assert back.equals(sheet.fillna(""))


def test_another_kind_of_file_is_refused_in_one_line(tmp_path):
    with pytest.raises(ValueError, match=r"^a spreadsheet is written as .xlsx or .csv, not '.ods'$"):
        crm.write(World(1, 1), tmp_path / "crm.ods")


@pytest.mark.parametrize("seed", [1, 82, 2**31 - 1])
def test_the_smallest_world_has_a_sheet(seed):
    assert len(crm.spreadsheet(World(seed, 1))) > 20


# The samples in the repository


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_a_committed_sample_is_what_the_world_makes(tmp_path, name):
    sample.make(tmp_path)
    assert (sample.FOLDER / name).read_bytes() == (tmp_path / name).read_bytes()


def test_no_sample_is_there_that_nothing_makes():
    assert {path.name for path in sample.FOLDER.iterdir()} == set(sample.SAMPLES)


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_a_sample_is_small(name):
    assert (sample.FOLDER / name).stat().st_size < 20_000


def test_the_crm_sample_is_the_head_of_the_sheet():
    head = pd.read_csv(io.StringIO((sample.FOLDER / "crm.csv").read_text("utf-8")), dtype=str, keep_default_na=False)
    assert head.equals(crm.spreadsheet(sample.WORLD).fillna("").head(len(head)))
