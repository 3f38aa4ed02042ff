"""The sales people's sheet: loaded when a new file of it comes."""

from pathlib import Path

import dagster as dg
import duckdb

from environments.errors import LabsError
from environments.stack.orchestration.loads import asset_like, failing_clearly
from environments.stack.orchestration.resources import WarehouseFile

MAX_FILE = 64 * 2**20


class CrmFolder(dg.ConfigurableResource):
    """Where the sheet is put, as CSV."""

    path: str

    def config_of(self, name: str) -> dict:
        """What a run is told of a file."""
        return {"ops": {"crm": {"config": {"file": name}}}}


class CrmFile(dg.Config):
    """The name of a file in the folder."""

    file: str


@asset_like("crm", description="The contacts of the newest sheet, each cell as text, with the number of its row.")
def crm(config: CrmFile, crm_folder: CrmFolder, warehouse: WarehouseFile) -> dg.MaterializeResult:
    with failing_clearly(), warehouse.connect() as con:
        rows = load_sheet(con, Path(crm_folder.path) / Path(config.file).name)
    return dg.MaterializeResult(metadata={"dagster/row_count": rows, "file": config.file})


def load_sheet(con: duckdb.DuckDBPyConnection, file: Path) -> int:
    """Replace raw.crm_contacts by what is in a file; its rows. LabsError where it is no sheet."""
    if not file.is_file() or file.stat().st_size > MAX_FILE:
        raise LabsError(f"there is no file {file.name}, or it is too large.", "Ask sales for the sheet as CSV.")
    try:
        sheet = con.from_csv_auto(str(file), all_varchar=True, header=True)
        columns = ", ".join(f'"{name}" as "{name.lower().replace(" ", "_")}"' for name in sheet.columns)
        con.execute("create or replace table raw.crm_contacts as select row_number() over () - 1 as \"row\", "
                    f"{columns}, cast(now() at time zone 'UTC' as timestamp) as _loaded_at from sheet")
    except duckdb.Error as e:
        raise LabsError(f"{file.name} is no CSV of contacts: {str(e).splitlines()[0]}") from None
    return con.execute("select count(*) from raw.crm_contacts").fetchall()[0][0]


crm_job = dg.define_asset_job("crm_sheet", selection=["crm"])
