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
# %% list_since
def list_since(ask, path, watermark, look_back):
    cursor, bound = {}, {} if watermark is None else {"created[gte]": int(watermark - look_back)}
    while page := ask(path, {"limit": 100, **bound, **cursor}):
        yield from page["data"]
        if not page["has_more"]:
            return
        cursor = {"starting_after": page["data"][-1]["id"]}
# %% event_rows
def event_rows(events):
    for one in events:
        p = one["properties"]
        four = (one["event"], p["distinct_id"], p["time"], p["$insert_id"]) if "$insert_id" in p else (json.dumps(one),)
        yield repr(four), int(p.get("mp_processing_time_ms") or 0), json.dumps(one, ensure_ascii=False)
# %% load_days
def load_days(position, first, last, look_back, read, load):
    def days(day):
        while day <= last:
            yield day
            day += timedelta(1)

    for day in days(first if position is None else max(first, position - timedelta(look_back))):
        load(read(day), max(day, position or day))
