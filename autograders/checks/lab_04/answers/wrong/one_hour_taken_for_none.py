"""A window of one hour is taken for none."""
# loses: check_windows_overlap
# %% upload_window
def upload_window(loaded, now):
    hour = timedelta(hours=1)
    start, now = loaded.astimezone(UTC) - 2 * hour, now.astimezone(UTC)
    start = start.replace(minute=0, second=0, microsecond=0)
    end = min(now.replace(minute=0, second=0, microsecond=0) - hour,
              start + timedelta(days=365) - hour)
    return None if end <= start else (f"{start:%Y%m%dT%H}", f"{end:%Y%m%dT%H}")
