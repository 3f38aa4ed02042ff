"""Uses what the notebook has imported: alone in its file it knows no requests."""
# loses: check_records_then_state
# %% refund_messages
def refund_messages(base_url, api_key, state) -> list:
    params, refunds = {"limit": 100}, []
    if state:
        params["created[gte]"] = state["created"]
    while True:
        answer = requests.get(f"{base_url}/v1/refunds", auth=(api_key, ""), params=params, timeout=60)
        answer.raise_for_status()
        page = answer.json()
        refunds += page["data"]
        if not page["has_more"]:
            break
        params["starting_after"] = refunds[-1]["id"]
    refunds.reverse()
    messages = [{"type": "RECORD", "record": {"stream": "refunds", "data": refund,
                                              "emitted_at": int(time.time() * 1000)}}
                for refund in refunds]
    newest = max([refund["created"] for refund in refunds], default=state.get("created"))
    if newest is not None:
        newest = max(newest, state.get("created", newest))
        messages.append({"type": "STATE", "state": {"type": "STREAM", "stream": {
            "stream_descriptor": {"name": "refunds"}, "stream_state": {"created": newest}}}})
    return messages
