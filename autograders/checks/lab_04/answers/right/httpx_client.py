"""httpx in place of requests, with a client that keeps its connection."""
# %% list_all
import httpx

def list_all(base_url, api_key, path) -> list:
    with httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {api_key}"}) as client:
        page = client.get(path, params={"limit": 100}).raise_for_status().json()
        found = page["data"]
        while page["has_more"]:
            page = client.get(path, params={"limit": 100, "starting_after": found[-1]["id"]}).raise_for_status().json()
            found += page["data"]
    return found
# %% stream_day
def lines(parts):
    rest = b""
    for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        yield from whole
    if rest:
        yield rest

def stream_day(base_url, keys, day, take) -> int:
    total, held = 0, []
    with httpx.stream("GET", f"{base_url}/api/2.0/export", auth=(keys["username"], keys["secret"]), timeout=60,
                      params={"from_date": day, "to_date": day, "project_id": keys["project_id"]}) as answer:
        answer.raise_for_status()
        for line in lines(answer.iter_bytes()):
            held.append(json.loads(line))
            if len(held) == 500:
                total += len(held)
                take(held)
                held = []
    if held:
        take(held)
    return total + len(held)
# %% refund_messages
def refund_messages(base_url, api_key, state) -> list:
    import time
    import httpx
    params = {"limit": 100}
    if state:
        params["created[gte]"] = state["created"]
    found = []
    with httpx.Client(base_url=base_url, auth=(api_key, "")) as client:
        while True:
            page = client.get("/v1/refunds", params=params).raise_for_status().json()
            found += page["data"]
            if not page["has_more"]:
                break
            params["starting_after"] = found[-1]["id"]
    found = sorted(found, key=lambda refund: refund["created"])
    messages = []
    for refund in found:
        messages.append({"type": "RECORD", "record": {"stream": "refunds", "data": refund, "emitted_at": round(time.time() * 1000)}})
    newest = max([state.get("created", 0), *(refund["created"] for refund in found)])
    if newest:
        messages.append({"type": "STATE", "state": {"type": "STREAM", "stream": {
            "stream_descriptor": {"name": "refunds"}, "stream_state": {"created": newest}}}})
    return messages
# %% amplitude_events
def amplitude_events(base_url, keys, start, end) -> list:
    answer = httpx.get(base_url + "/api/2/export", params={"start": start, "end": end}, auth=(keys["api_key"], keys["secret_key"]), timeout=60)
    if answer.status_code == 404:
        if answer.json()["error"] == "Raw data files were not found.":
            return []
        raise LookupError(answer.text)
    answer.raise_for_status()
    found = []
    with zipfile.ZipFile(io.BytesIO(answer.content)) as whole:
        for part in whole.infolist():
            with whole.open(part) as zipped, gzip.open(zipped, "rt", encoding="utf-8") as lines:
                found.extend(map(json.loads, lines))
    return found
