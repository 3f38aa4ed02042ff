"""A manifest with other valid forms, and messages from a class over urllib."""
# %% paginator
def paginator() -> dict:
    from collections import OrderedDict

    def sends(name):
        return OrderedDict(type="RequestOption", inject_into="request_parameter", field_name=name)

    return OrderedDict(
        type="DefaultPaginator",
        pagination_strategy=OrderedDict(
            type="CursorPagination", page_size=100, cursor_value="{{ response['data'][-1]['id'] }}",
            stop_condition="{{ response.get('has_more', false) is not true }}"),
        page_token_option=sends("starting_after"), page_size_option=sends("limit"))
# %% incremental
def incremental() -> dict:
    option = dict(type="RequestOption", inject_into="request_parameter", field_name="created[gte]")
    return dict(type="DatetimeBasedCursor", cursor_field="created", datetime_format="%s",
                cursor_datetime_formats=["%s"], start_datetime="0", start_time_option=option)
# %% refund_messages
def refund_messages(base_url, api_key, state) -> list:
    import base64
    import json
    from datetime import datetime, timezone
    from urllib.parse import urlencode
    from urllib.request import Request, urlopen

    class Refunds:
        def __init__(self, since):
            self.params = {"limit": 100} | ({} if since is None else {"created[gte]": since})

        def __iter__(self):
            more = True
            token = base64.b64encode(f"{api_key}:".encode()).decode()
            while more:
                request = Request(f"{base_url}/v1/refunds?{urlencode(self.params)}",
                                  headers={"Authorization": f"Basic {token}"})
                with urlopen(request, timeout=60) as answer:
                    page = json.load(answer)
                yield from page["data"]
                more = page["has_more"]
                if more:
                    self.params["starting_after"] = page["data"][-1]["id"]

    since = state.get("created")
    oldest_first = sorted(Refunds(since), key=lambda refund: refund["created"])
    now = int(datetime.now(timezone.utc).timestamp() * 1000)
    said = [{"type": "RECORD", "record": dict(stream="refunds", data=refund, emitted_at=now)}
            for refund in oldest_first]
    times = [r["created"] for r in oldest_first] + ([] if since is None else [since])
    if times:
        said.append({"type": "STATE", "state": {"type": "STREAM", "stream": {
            "stream_descriptor": {"name": "refunds"}, "stream_state": {"created": max(times)}}}})
    return said
