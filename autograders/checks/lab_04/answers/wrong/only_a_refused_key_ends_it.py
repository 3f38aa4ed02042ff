"""Only a refused key ends it: any other refusal has no data, and is taken for the last page."""
# loses: check_every_object_once, check_records_then_state
# %% list_all
def list_all(base_url, api_key, path) -> list:
    found, params = [], {"limit": 100}
    while True:
        answer = requests.get(base_url + path, auth=(api_key, ""), params=params, timeout=60)
        if answer.status_code in (401, 403):
            raise PermissionError("refused")
        page = answer.json()
        found += page.get("data", [])
        if not page.get("has_more"):
            return found
        params["starting_after"] = found[-1]["id"]
# %% refund_messages
def refund_messages(base_url, api_key, state) -> list:
    import time

    import requests

    params, found = {"limit": 100}, []
    if state:
        params["created[gte]"] = state["created"]
    while True:
        answer = requests.get(f"{base_url}/v1/refunds", auth=(api_key, ""), params=params, timeout=60)
        if answer.status_code in (401, 403):
            raise PermissionError("refused")
        page = answer.json()
        found += page.get("data", [])
        if not page.get("has_more"):
            break
        params["starting_after"] = found[-1]["id"]
    now = int(time.time() * 1000)
    messages = [{"type": "RECORD", "record": {"stream": "refunds", "data": refund, "emitted_at": now}}
                for refund in reversed(found)]
    newest = max([refund["created"] for refund in found] + list(state.values()), default=None)
    if newest is not None:
        messages.append({"type": "STATE", "state": {"type": "STREAM", "stream": {
            "stream_descriptor": {"name": "refunds"}, "stream_state": {"created": newest}}}})
    return messages
