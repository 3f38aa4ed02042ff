"""The full hour is taken before the zone: half an hour off in India."""
# loses: check_windows_overlap
# %% upload_window
from datetime import UTC, timedelta
def upload_window(loaded, now):
    floor = lambda m: m.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    start = floor(loaded) - timedelta(hours=2)
    end = min(floor(now) - timedelta(hours=1), start + timedelta(hours=365 * 24 - 1))
    return (f"{start:%Y%m%dT%H}", f"{end:%Y%m%dT%H}") if start <= end else None
