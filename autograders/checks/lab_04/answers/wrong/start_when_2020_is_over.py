"""A first run begins when 2020 is over."""
# loses: check_the_connector_goes_on_from_its_state
# %% incremental
def incremental():
    return {"type": "DatetimeBasedCursor", "cursor_field": "created", "datetime_format": "%s",
            "start_datetime": "1609459200",
            "start_time_option": {"type": "RequestOption", "inject_into": "request_parameter",
                                  "field_name": "created[gte]"}}
