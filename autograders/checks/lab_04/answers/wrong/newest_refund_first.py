"""The records in the order of the list: newest first."""
# loses: check_records_then_state
# %% refund_messages
def refund_messages(base_url, api_key, state) -> list:
    import time

    import requests

    params, refunds, more = {"limit": 100, "created[gte]": state.get("created", 0)}, [], True
    while more:
        answer = requests.get(base_url + "/v1/refunds", auth=(api_key, ""), params=params)
        answer.raise_for_status()
        refunds += answer.json()["data"]
        more = answer.json()["has_more"]
        params["starting_after"] = refunds[-1]["id"] if refunds else None
    messages = [{"type": "RECORD", "record": {"stream": "refunds", "data": refund,
                                              "emitted_at": int(time.time() * 1000)}}
                for refund in refunds]
    newest = max([refund["created"] for refund in refunds] + list(state.values()), default=None)
    kept = {"stream_descriptor": {"name": "refunds"}, "stream_state": {"created": newest}}
    return messages + ([] if newest is None else
                       [{"type": "STATE", "state": {"type": "STREAM", "stream": kept}}])
