"""Emitted in seconds."""
# loses: check_records_then_state
# %% refund_messages
def refund_messages(base_url, api_key, state):
    def _rm(base_url, api_key, state):
        import time
        import requests
        since = state.get("created")
        params = {"limit": 100}
        if since is not None:
            params["created[gte]"] = since
        refunds = []
        while True:
            answer = requests.get(base_url + "/v1/refunds", auth=(api_key, ""), params=params, timeout=30)
            answer.raise_for_status()
            page = answer.json()
            refunds += page["data"]
            if not page["has_more"]:
                break
            params["starting_after"] = page["data"][-1]["id"]
        refunds.sort(key=lambda one: one["created"])
        messages = [{"type": "RECORD", "record": {"stream": "refunds", "data": one,
                                                  "emitted_at": int(time.time() * 1000)}} for one in refunds]
        created = [one["created"] for one in refunds]
        if since is not None:
            created.append(since)
        if created:
            messages.append({"type": "STATE", "state": {"type": "STREAM", "stream": {
                "stream_descriptor": {"name": "refunds"}, "stream_state": {"created": max(created)}}}})
        return messages
    m = _rm(base_url, api_key, state)
    for x in m[:-1]: x["record"]["emitted_at"] //= 1000
    return m
