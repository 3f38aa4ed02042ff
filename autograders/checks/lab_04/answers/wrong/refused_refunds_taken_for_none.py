"""A refused request has no data, so no refunds: the STATE goes on as if all were read."""
# loses: check_records_then_state
# %% refund_messages
def refund_messages(base_url, api_key, state):
    import time

    import requests

    params, refunds = {"limit": 100}, []
    if "created" in state:
        params["created[gte]"] = state["created"]
    while True:
        page = requests.get(base_url + "/v1/refunds", params=params, auth=(api_key, ""), timeout=60).json()
        refunds += page.get("data", [])
        if not page.get("has_more"):
            break
        params["starting_after"] = page["data"][-1]["id"]
    refunds.reverse()
    messages = [{"type": "RECORD", "record": {"stream": "refunds", "data": one,
                                              "emitted_at": int(time.time() * 1000)}} for one in refunds]
    far = refunds[-1]["created"] if refunds else state.get("created")
    if far is not None:
        messages.append({"type": "STATE", "state": {"type": "STREAM", "stream": {
            "stream_descriptor": {"name": "refunds"}, "stream_state": {"created": far}}}})
    return messages
