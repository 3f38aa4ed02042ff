"""Amplitude: the export, by the hours in which events were uploaded, as a zip of gzipped JSON lines.

Data appears up to two hours late; events of phones that were offline arrive in later hours, whenever they happened. 404
says that nothing was uploaded (https://amplitude.com/docs/apis/analytics/export, read 2026-11).
"""

import gzip
import shutil
import tempfile
import zipfile
import zlib
from datetime import datetime, timedelta
from typing import IO

from environments.stack.ingest.errors import BadRequest, NoData, TooMuch, Truncated
from environments.stack.ingest.exports import DAY, HOUR, Export, whole_lines
from environments.stack.ingest.http import Client, Patience
from environments.stack.ingest.streams import Stream, columns

EVENTS = Stream(
    "amplitude", "export",
    columns("uuid:text event_type:text! event_time:moment! server_upload_time:moment! user_id:text device_id:text "
            "insert_id:text=$insert_id event_properties:json"),
    key=("uuid",), bare='{"uuid": null, "$insert_id": null}')
PATH = "/api/2/export"
HOURS = "%Y%m%dT%H"


def client(base_url: str, api_key: str, secret_key: str, patience: Patience = Patience(silence=60)) -> Client:
    return Client("Amplitude", base_url, (api_key, secret_key), secret_key, patience=patience)


def export(window: timedelta = 30 * DAY) -> Export:
    """All events of a project, by upload hour; the last three days' hours are asked for again."""
    return Export(EVENTS, fetch, step=HOUR, window=window, again=3 * DAY, when="server_upload_time")


def fetch(api: Client, first: datetime, last: datetime, file: IO[bytes]) -> None:
    """The records of these upload hours, as JSON lines."""
    def whole(zipped: IO[bytes]) -> None:
        file.seek(0)
        file.truncate()
        _unzip(zipped, file)
        whole_lines(file)

    with tempfile.TemporaryFile() as zipped:
        try:
            api.download(PATH, {"start": f"{first:{HOURS}}", "end": f"{last:{HOURS}}"}, zipped, whole)
        except NoData:
            file.truncate(0)
        except BadRequest as e:
            if "4GB" in str(e).replace(" ", ""):
                raise TooMuch(str(e)) from e
            raise


def _unzip(zipped: IO[bytes], into: IO[bytes]) -> None:
    """All lines of all files. Truncated where the zip or one of its files is not whole."""
    try:
        with zipfile.ZipFile(zipped) as parts:
            for name in parts.namelist():
                with parts.open(name) as part, gzip.open(part) as lines:
                    shutil.copyfileobj(lines, into)
    except (zipfile.BadZipFile, EOFError, zlib.error, gzip.BadGzipFile) as e:
        raise Truncated(f"The export is no whole zip ({e}); nothing of it was loaded. Run again.") from None
