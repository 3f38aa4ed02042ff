"""A Mixpanel project's time zone: which days an export has, and what its moments look like.

Projects made since 1 January 2023 keep moments in UTC, and days of an export are days of UTC
(https://docs.mixpanel.com/docs/export-methods, read on 2026-11-30). Older ones convert each moment to the project's
zone when it comes in: days are the project's, and `time` is "seconds since January 1, 1970 in your project's timezone,
not UTC" (https://mixpanel.com/help/reference/exporting-raw-data, read on 2026-11-30). So are dates in profiles and
reports (https://mixpanel.com/blog/community-tip-all-about-time/, read on 2026-11-30). Here a project in any zone but
UTC is an older one.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

STEP = 900  # seconds: offsets change at quarters of an hour


class Zone:
    """Moments in Unix seconds, to the project's own and back."""

    def __init__(self, name: str):
        self.name, self._zone = name, ZoneInfo(name)
        self._offset = lru_cache(maxsize=4096)(self._offset_of)

    @property
    def is_utc(self) -> bool:
        return self.name == "UTC"

    def local(self, moment: int) -> int:
        """A moment as the project keeps it."""
        return moment + self._offset(moment // STEP)

    def local_ms(self, moment: int) -> int:
        """The same in milliseconds."""
        return moment + self._offset(moment // 1000 // STEP) * 1000

    def start(self, day: date) -> int:
        """The moment at which a day begins there."""
        return int(datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp())

    def today(self, now: int) -> date:
        return datetime.fromtimestamp(now, self._zone).date()

    def text(self, moment: int, form: str) -> str:
        return datetime.fromtimestamp(self.local(moment), UTC).strftime(form)

    def _offset_of(self, step: int) -> int:
        offset = datetime.fromtimestamp(step * STEP, self._zone).utcoffset() or timedelta()
        return int(offset / timedelta(seconds=1))
