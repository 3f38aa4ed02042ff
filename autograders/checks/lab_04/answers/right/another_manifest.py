"""Other words of the manifest for the same: the cursor out of the answer, an end by the page's size."""
# %% paginator
def paginator() -> dict:
    return {
        "type": "DefaultPaginator",
        "pagination_strategy": {"type": "CursorPagination", "page_size": 100, "cursor_value": "{{ response['data'][-1]['id'] }}",
                                "stop_condition": "{{ response.get('has_more', False) is false }}"},
        "page_token_option": {"type": "RequestOption", "field_name": "starting_after", "inject_into": "request_parameter"},
        "page_size_option": {"type": "RequestOption", "field_name": "limit", "inject_into": "request_parameter"},
    }
# %% incremental
def incremental() -> dict:
    return {"type": "DatetimeBasedCursor", "cursor_field": "created", "datetime_format": "%s", "cursor_datetime_formats": ["%s"],
            "start_datetime": {"type": "MinMaxDatetime", "datetime": "0", "datetime_format": "%s"},
            "start_time_option": {"type": "RequestOption", "field_name": "created[gte]", "inject_into": "request_parameter"}}
# %% stream_day
def stream_day(base_url, keys, day, take) -> int:
    from itertools import islice
    answer = requests.get(f"{base_url}/api/2.0/export", auth=(keys["username"], keys["secret"]), stream=True,
                          params=dict(from_date=day, to_date=day, project_id=keys["project_id"]))
    answer.raise_for_status()
    events = map(json.loads, filter(None, answer.iter_lines(chunk_size=8192)))
    total = 0
    while batch := list(islice(events, 1000)):
        take(batch)
        total += len(batch)
    return total
# %% day_of
def day_of(seconds, zone) -> str:
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone))
    return f"{moment:%Y-%m-%d}"
# %% run
def run(position, newest, read_all, read_changes, load) -> None:
    following = newest()
    read = read_all if position is None else lambda: read_changes(position)
    load(read(), following)
