"""A paginator of fifty megabytes, and a cursor of ninety levels."""
# loses: check_the_connector_reads_all_pages check_the_connector_goes_on_from_its_state
# %% paginator
def paginator():
    return {"type": "DefaultPaginator", "pagination_strategy": {"type": "x" * 50_000_000}}
# %% incremental
def incremental():
    component = {"type": "DatetimeBasedCursor"}
    for _ in range(90):
        component = {"type": "DatetimeBasedCursor", "a": component, "$ref": "#/streams/0"}
    return component
