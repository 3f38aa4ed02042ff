"""Records for the door from what the tools export: the name, the company's own properties, and who, when, which.

A record has `event`, `properties`, `user_id`, `device_id`, `time_ms` by the device's clock and `received_ms` by the
tool's. Nothing is changed but where it stands and, of the two times, how they are written.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM = 10**11  # a time above it is in milliseconds: in seconds it would be the year 5138
MIXPANELS_OWN = {"time", "distinct_id", "mp_processing_time_ms", "mp_country_code", "mp_lib"}


def from_mixpanel(exported: dict) -> dict:
    """Of a line of Mixpanel's raw export; what Mixpanel and its library add to properties is left out."""
    properties = exported["properties"]
    own = {key: value for key, value in properties.items() if key[:1] != "$" and key not in MIXPANELS_OWN}
    at = properties["time"]
    return {"event": exported["event"], "properties": own, "user_id": properties.get("$user_id"),
            "device_id": properties.get("$device_id"), "time_ms": at if at > MILLISECONDS_FROM else at * 1000,
            "received_ms": properties["mp_processing_time_ms"]}


def from_amplitude(exported: dict) -> dict:
    """Of a line of Amplitude's export. `event_time` is corrected by Amplitude, `client_event_time` is the device's."""
    return {"event": exported["event_type"], "properties": exported["event_properties"], "user_id": exported["user_id"],
            "device_id": exported["device_id"], "time_ms": _ms(exported["client_event_time"]),
            "received_ms": _ms(exported["server_received_time"])}


def _ms(text: str) -> int:
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)
