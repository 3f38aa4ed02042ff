"""The standard library's HTTP client, and nothing else."""
# %% list_all
import urllib.error
import urllib.parse
import urllib.request

def opened(url, params, user, password=""):
    import base64
    request = urllib.request.Request(f"{url}?{urllib.parse.urlencode(params)}")
    request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())
    return urllib.request.urlopen(request, timeout=10)

def list_all(base_url, api_key, path) -> list:
    found = []
    while True:
        params = {"limit": 100} | ({"starting_after": found[-1]["id"]} if found else {})
        with opened(base_url + path, params, api_key) as answer:
            page = json.load(answer)
        found.extend(page["data"])
        if not page["has_more"]:
            return found
# %% list_since
def list_since(ask, path, watermark, look_back) -> list:
    found = {}
    cursor = None
    while True:
        params = {"limit": "100"}
        if watermark is not None:
            params["created[gt]"] = watermark - look_back - 1
        if cursor:
            params["starting_after"] = cursor
        page = ask(path, params)
        found.update((one["id"], one) for one in page["data"])
        if not page["has_more"]:
            return list(found.values())
        cursor = page["data"][-1]["id"]
# %% get
def get(url, api_key, params, sleep) -> dict:
    import http.client
    wait = 1
    for left in (4, 3, 2, 1, 0):
        least = 0
        try:
            with opened(url, params, api_key) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            if error.code in (401, 403):
                raise PermissionError("no access with the key ending in " + api_key[-4:]) from None
            if error.code != 429 and error.code < 500:
                raise ValueError(json.loads(error.read())["error"]["message"]) from None
            least = int(error.headers.get("Retry-After") or 0)
        except (OSError, http.client.HTTPException):
            pass
        if left:
            sleep(max(least, wait + wait * random.random()))
            wait *= 2
    raise ConnectionError("gave up after five tries")
# %% amplitude_events
def amplitude_events(base_url, keys, start, end) -> list:
    import tempfile
    try:
        with opened(f"{base_url}/api/2/export", {"start": start, "end": end}, keys["api_key"], keys["secret_key"]) as answer, \
                tempfile.TemporaryFile() as file:
            file.write(answer.read())
            with zipfile.ZipFile(file) as whole:
                return [json.loads(line) for one in whole.infolist() for line in gzip.open(whole.open(one))]
    except urllib.error.HTTPError as error:
        if error.code == 404 and json.load(error).get("error", "").startswith("Raw data files were not found"):
            return []
        raise
