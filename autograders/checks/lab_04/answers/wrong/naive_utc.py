"""A datetime without a zone: right only on machines whose own zone is UTC."""
# loses: check_a_day_has_a_zone
# %% day_of
def day_of(seconds, zone) -> str:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).astimezone(ZoneInfo(zone)).date().isoformat()
