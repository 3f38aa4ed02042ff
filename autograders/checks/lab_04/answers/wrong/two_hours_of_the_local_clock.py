"""Goes two hours back on the clock on the wall, and then to UTC: wrong in the night in which it is put forward."""
# loses: check_windows_overlap
# %% upload_window
def upload_window(loaded, now):
    start = loaded - timedelta(hours=2)
    start = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    end = min(end, start + timedelta(days=365, hours=-1))
    if end < start:
        return None
    return start.strftime("%Y%m%dT%H"), end.strftime("%Y%m%dT%H")
