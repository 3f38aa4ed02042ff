"""The spreadsheet in which Teaspoon's sales person keeps leads and accounts, with a person's errors.

    sheet = spreadsheet(world)     # what is in the file: every cell is text, or None
    errors(world)                  # what is wrong with it, and what it should say
    matches(world)                 # who each row is in production
    write(world, "crm.xlsx")

Nothing in it changes a value of the world: it draws from streams of its own.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook

from datasets import crm_mistakes, entities
from datasets.crm_mistakes import Mistakes
from datasets.stream import RandomStream
from datasets.world import LAUNCH, NOW, World

COLUMNS = ["Account", "Contact name", "Email", "Phone", "Type", "City", "First contact", "Stage",
           "USD a month", "Notes"]
KEYS = ["household_id", "person_id"]

TRADES = ("Dental", "Design", "Fitness", "Law", "Media", "Physio", "Robotics", "Studio", "Tutors", "Yoga")
NAMES = ("Acorn", "Basil", "Bellflower", "Cedar", "Foundry", "Harbour", "Juniper", "Lantern", "Nutmeg",
         "Orchard", "Parsley", "Quarry", "Saffron", "Thyme", "Weaver", "Willow")
STAGES = (("New", 200), ("Contacted", 350), ("Proposal", 150), ("Lost", 300))
HEARD = (None, None, None, "met at the farmers' market", "wants a demo", "vegetarian office", "asked for an invoice",
         "moved desks, call first")

# Contacts (130 in a world of 2,000 households): so many, and one more for each of so many households.
CUSTOMER_LEADS, NEW_LEADS = (15, 40), (15, 80)
CUSTOMER_ACCOUNTS, NEW_ACCOUNTS = (4, 500), (6, 200)
DUPLICATES = 60         # per thousand rows, met again within ...
MET_AGAIN = 120         # ... so many days
NO_EMAIL = 100          # contacts, per thousand, of whom only a telephone number is known


def spreadsheet(world: World) -> pd.DataFrame:
    """The sheet as it is kept: COLUMNS, text or None, in the order of first contact, a total between.

    Row 0 is line 2 of the file.
    """
    return _kept(world)[0][COLUMNS].astype(object)


def errors(world: World) -> pd.DataFrame:
    """Every error put in: row, column, kind, right (what the cell should say).

    Kinds are those of crm_mistakes.KINDS. For `duplicate`, right is the row that the same contact
    has already; for `total_row` it is None, the row should not be there.
    """
    return _kept(world)[1]


def matches(world: World) -> pd.DataFrame:
    """Who each row is in production: row, household_id, person_id, <NA> for nobody there.

    A contact is found by what was typed: the e-mail, or where that is missing or wrong the name and
    the telephone number, which people may share.
    """
    return _kept(world)[0][KEYS].astype("Int64").rename_axis("row").reset_index()


def write(world: World, path: Path | str) -> Path:
    """The sheet as a file, .xlsx or .csv (UTF-8) by its name; every cell is text, dates and money too.

    ValueError for another ending.
    """
    path, sheet = Path(path), spreadsheet(world)
    if path.suffix == ".csv":
        sheet.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    elif path.suffix == ".xlsx":
        _workbook(sheet).save(path)
    else:
        raise ValueError(f"a spreadsheet is written as .xlsx or .csv, not {path.suffix or path.name!r}")
    return path


def _kept(world: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sheet with KEYS beside it, and its errors."""
    rows = _with_duplicates(world.stream("crm duplicates"), _contacts(world))
    rows, total = _with_total(rows)
    mistakes = Mistakes(rows[COLUMNS])
    mistakes.total_row(total)
    mistakes.duplicates(world.stream("crm spelling"), rows["contact"])
    for kind in crm_mistakes.KINDS:
        mistakes.cells(kind, world.stream(f"crm {kind}"))
    mistakes.swapped(world.stream("crm swapped_columns"))
    return mistakes.sheet().assign(**rows[KEYS]), mistakes.made()


def _contacts(world: World) -> pd.DataFrame:
    """Everybody who was met, once, spelled right: COLUMNS, KEYS and `contact`, their number."""
    known = _customers(world, _count(world, CUSTOMER_LEADS) + _count(world, CUSTOMER_ACCOUNTS))
    new = _strangers(world, _count(world, NEW_LEADS) + _count(world, NEW_ACCOUNTS))
    everybody = pd.concat([known, new], ignore_index=True)
    company = np.concatenate([np.arange(len(known)) >= _count(world, CUSTOMER_LEADS),
                              np.arange(len(new)) >= _count(world, NEW_LEADS)])
    everybody = _sold(world.stream("crm sales"), everybody, company)
    everybody["contact"] = np.arange(len(everybody))
    return everybody


def _count(world: World, share: tuple[int, int]) -> int:
    return share[0] + world.households // share[1]


def _customers(world: World, count: int) -> pd.DataFrame:
    """People of production, met up to two months before they signed up; all of them if there are fewer."""
    stream, tables = world.stream("crm customers"), world.tables()
    people = tables["people"].iloc[stream.shuffled(len(tables["people"]))[:count]].reset_index(drop=True)
    city = tables["households"].set_index("id")["city"]
    met = people["created_at"] - pd.to_timedelta(stream.below(60, len(people)), unit="D")
    return pd.DataFrame({
        "household_id": people["household_id"], "person_id": people["id"],
        "Contact name": people["full_name"], "Phone": people["phone"],
        "Email": people["email"].mask(stream.chance(NO_EMAIL, len(people)) & people["phone"].notna(), None),
        "City": people["household_id"].map(city), "First contact": _day(met),
    })


def _strangers(world: World, count: int) -> pd.DataFrame:
    """People nobody in production is: numbers beyond the last one keep their e-mail addresses apart."""
    stream, last = world.stream("crm strangers"), len(world.tables()["people"])
    homes = entities.households(stream, count)
    people = entities.people(stream, homes).query("is_owner").reset_index(drop=True)
    return pd.DataFrame({
        "household_id": pd.NA, "person_id": pd.NA, "Contact name": people["full_name"], "Phone": people["phone"],
        "Email": people["email"].str.replace(r"\d+(?=@)", lambda n: str(int(n[0]) + last), regex=True),
        "City": homes["city"], "First contact": _day(pd.to_datetime(homes["signed_up_at"], unit="s", utc=True)),
    })


def _day(moments: pd.Series) -> pd.Series:
    return moments.clip(LAUNCH, NOW).dt.strftime("%Y-%m-%d")


def _sold(stream: RandomStream, people: pd.DataFrame, company: np.ndarray) -> pd.DataFrame:
    """What the sales person knows of each: account, type, stage, worth, a note."""
    n, won = len(people), people["person_id"].notna()
    names, share = zip(*STAGES, strict=True)
    return people.assign(**{
        "Account": np.where(company, _firms(stream, n), np.array(None)),
        "Type": np.where(company, np.where(stream.chance(300, n), "Partner", "Corporate"), "Lead"),
        "Stage": np.where(won, "Won", np.array(names)[stream.pick(share, n)]),
        "USD a month": np.where(company, stream.between((4, 60), n) * 50, stream.between((5, 12), n) * 5).astype(str),
        "Notes": np.array(HEARD, dtype=object)[stream.below(len(HEARD), n)],
    })


def _firms(stream: RandomStream, n: int) -> np.ndarray:
    """Company names by chance; a real company of the same name is a coincidence."""
    pairs = [f"{name} {trade}" for name in NAMES for trade in TRADES]
    return np.array(pairs, dtype=object)[np.resize(stream.shuffled(len(pairs)), n)]


def _with_duplicates(stream: RandomStream, rows: pd.DataFrame) -> pd.DataFrame:
    """Some contacts entered again when they were met again; then all in the order of first contact."""
    again = rows.iloc[stream.shuffled(len(rows))[:max(1, len(rows) * DUPLICATES // 1000)]]
    later = pd.to_datetime(again["First contact"], utc=True) + pd.to_timedelta(
        stream.between((1, MET_AGAIN), len(again)), unit="D")
    both = pd.concat([rows, again.assign(**{"First contact": _day(later)})])
    return both.sort_values("First contact", kind="stable", ignore_index=True)


def _with_total(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """A total of the month's worth of the rows above, in the middle; its row number."""
    middle = len(rows) // 2
    worth = rows["USD a month"].iloc[:middle].astype(int).sum()
    total = pd.DataFrame([{"Account": "TOTAL", "USD a month": str(worth), "contact": -1}]).reindex(columns=rows.columns)
    rows = pd.concat([rows.iloc[:middle], total.astype(object), rows.iloc[middle:]], ignore_index=True)
    return rows.astype(object).where(rows.notna(), None), middle


def _workbook(sheet: pd.DataFrame) -> Workbook:
    book = Workbook()
    page = book.worksheets[0]
    page.title, page.freeze_panes = "Leads and accounts", "A2"
    page.append(COLUMNS)
    for row in sheet.itertuples(index=False):
        page.append(list(row))
    return book
