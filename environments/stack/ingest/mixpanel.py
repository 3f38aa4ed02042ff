"""Mixpanel: the raw export, by days.

60 exports an hour and 3 a second are allowed, and exports are not deduplicated: event, distinct_id, time and $insert_id
together are the key (https://docs.mixpanel.com/reference/raw-data-export-api and /rate-limits, read 2026-11).
"""

from datetime import datetime, timedelta
from typing import IO

from environments.stack.ingest.exports import DAY, Export, whole_lines
from environments.stack.ingest.http import Client, Patience
from environments.stack.ingest.streams import Stream, columns

_COPIES_DIFFER_IN = '{"properties": {"$insert_id": null, "mp_processing_time_ms": null}}'
EVENTS = Stream(
    "mixpanel",
    "export",
    columns("event:text!")
    + columns(
        "time:seconds! distinct_id:text! insert_id:text=$insert_id user_id:text=$user_id device_id:text=$device_id "
        "received_ms:integer=mp_processing_time_ms",
        under="properties.",
    ),
    key=("event", "distinct_id", "time", "insert_id"),
    bare=_COPIES_DIFFER_IN,
    version="received_ms",
    fields="$.properties",
)
PATH = "/api/2.0/export"
SPACING = 1 / 3  # seconds from one export to the next


def client(
    base_url: str, username: str, secret: str, patience: Patience = Patience(silence=60), spacing: float = SPACING
) -> Client:
    return Client("Mixpanel", base_url, (username, secret), secret, patience=patience, spacing=spacing)


def export(project_id: str, window: timedelta = 90 * DAY) -> Export:
    """All events of a project. A window longer than a quarter is a lot to lose when a connection breaks."""
    def fetch(api: Client, first: datetime, last: datetime, file: IO[bytes]) -> None:
        api.download(
            PATH,
            {"from_date": str(first.date()), "to_date": str(last.date()), "project_id": project_id},
            file,
            whole_lines,
        )

    return Export(EVENTS, fetch, step=DAY, window=window, again=7 * DAY, when="time")
