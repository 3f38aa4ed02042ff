"""Functions that yield their rows, where a list was asked for."""
# %% list_all
def list_all(base_url, api_key, path):
    cursor = {}
    with requests.Session() as session:
        session.auth = (api_key, "")
        while True:
            page = session.get(base_url + path, params={"limit": 100, **cursor}).json()
            yield from page["data"]
            if not page["has_more"]:
                return
            cursor = {"starting_after": page["data"][-1]["id"]}

charges = list(list_all(stripe_url, stripe_key, "/v1/charges")) if "stripe_url" in globals() else []
# %% holes
def holes(source, warehouse):
    for day in sorted({*source, *warehouse}):
        pair = source.get(day, 0), warehouse.get(day, 0)
        if pair[0] != pair[1]:
            yield (day, *pair)
# %% distinct_events
def distinct_events(events):
    known = set()
    for one in events:
        four = json.dumps([one["event"], *(one["properties"].get(name) for name in ("distinct_id", "time", "$insert_id"))])
        if "$insert_id" in one["properties"]:
            if four in known:
                continue
            known.add(four)
        yield one
# %% refund_messages
def refund_messages(base_url, api_key, state):
    import time
    import requests
    found, cursor = [], {}
    while True:
        page = requests.get(base_url + "/v1/refunds", auth=(api_key, ""),
                            params={"limit": 100, "created[gte]": state.get("created", 0), **cursor}).json()
        found = page["data"][::-1] + found
        if not page["has_more"]:
            break
        cursor = {"starting_after": page["data"][-1]["id"]}
    newest = state.get("created")
    for refund in found:
        yield dict(type="RECORD", record=dict(stream="refunds", data=refund, emitted_at=int(time.time()) * 1000))
        newest = max(newest or 0, refund["created"])
    if newest is not None:
        yield dict(type="STATE", state=dict(type="STREAM", stream=dict(stream_descriptor=dict(name="refunds"),
                                                                        stream_state=dict(created=newest))))
