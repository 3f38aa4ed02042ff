"""What travels as msgpack has it, and the time zones of what does not."""

import datetime
from collections.abc import Iterable

NATIVE = {type(None), bool, float, str, bytes}


def all_native(values: Iterable) -> bool:
    return NATIVE.issuperset(map(type, values))


def checked(items: list) -> list:
    """These, said to be native. Raises ValueError where they are not."""
    if not all_native(items):
        raise ValueError("a collection said to be native that is not")
    return items


def zone_out(zone: datetime.tzinfo | None) -> str | int | None:
    """The name of a time zone, with the library it is from where that is not Python's; or its offset in seconds."""
    if zone is None:
        return None
    if type(name := getattr(zone, "zone", None)) is str:
        return f"pytz:{name}"
    if type(name := getattr(zone, "key", None)) is str:
        return name
    offset = zone.utcoffset(None)
    assert offset is not None  # only a zone of a library has another one each season
    return int(offset.total_seconds())


def zone_in(zone: str | int | None) -> datetime.tzinfo | None:
    from zoneinfo import ZoneInfo

    if type(zone) is str and zone.startswith("pytz:"):
        import pytz

        return pytz.timezone(zone.removeprefix("pytz:"))
    if not zone and type(zone) is not int:
        return None
    if isinstance(zone, str):
        return ZoneInfo(zone)
    return datetime.timezone(datetime.timedelta(seconds=zone)) if zone else datetime.UTC
