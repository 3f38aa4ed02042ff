"""The connector asks for what came after its state."""
# loses: check_the_connector_goes_on_from_its_state
# %% incremental
def incremental() -> dict:
    return {"type": "DatetimeBasedCursor", "cursor_field": "created", "datetime_format": "%s",
            "start_datetime": "1577836800",
            "start_time_option": {"type": "RequestOption", "inject_into": "request_parameter",
                                  "field_name": "created[gt]"}}
