"""Keeps a state, and never sends it."""
# loses: check_the_connector_goes_on_from_its_state
# %% incremental
def incremental() -> dict:
    return {"type": "DatetimeBasedCursor", "cursor_field": "created", "datetime_format": "%s", "start_datetime": "1577836800"}
