"""Mixpanel: the raw export, by days.

60 exports an hour and 3 a second are allowed, and exports are not deduplicated: event, distinct_id, time and $insert_id
together are the key (https://docs.mixpanel.com/reference/raw-data-export-api and /rate-limits, read 2026-11).
"""

from datetime import datetime, timedelta
from typing import IO

from environments.stack.ingest.exports import DAY, HOUR, Export, whole_lines
from environments.stack.ingest.http import Client, Patience
from environments.stack.ingest.streams import Stream, columns

# An event without an insert id is known by all it says, except for when it came in.
_ALL = """md5(json_merge_patch(_payload, '{"properties": {"mp_processing_time_ms": null}}')::varchar)"""
EVENTS = Stream(
    "mixpanel", "export",
    columns("event:text!") + columns(
        "time:seconds! distinct_id:text! insert_id:text=$insert_id user_id:text=$user_id device_id:text=$device_id "
        "received_ms:integer=mp_processing_time_ms", under="properties."),
    key=("event", "distinct_id", "time", "insert_id"), otherwise=_ALL, version="received_ms", fields="$.properties")
PATH = "/api/2.0/export"
SPACING = 1 / 3  # seconds from one export to the next


def client(base_url: str, username: str, secret: str, patience: Patience = Patience(silence=60), spacing: float = SPACING) -> Client:
    return Client("Mixpanel", base_url, (username, secret), secret, patience=patience, spacing=spacing)


def export(project_id: str, window: timedelta = 90 * DAY) -> Export:
    """All events of a project. A window longer than a quarter is a lot to lose when a connection breaks."""
    def fetch(api: Client, first: datetime, last: datetime, file: IO[bytes]) -> None:
        api.download(PATH, {"from_date": str(first.date()), "to_date": str(last.date()), "project_id": project_id}, file, whole_lines)

    return Export(EVENTS, fetch, step=DAY, window=window, behind=0 * HOUR, again=7 * DAY, when="time")
