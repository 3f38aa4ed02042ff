"""The warehouse's connection stays open, and is used again; its transactions are not."""
# %% load
OPEN = {}

def load(warehouse, stream, rows, position) -> None:
    if warehouse not in OPEN:
        OPEN[warehouse] = duckdb.connect(warehouse)
    connection = OPEN[warehouse].cursor()
    connection.begin()
    try:
        for id, version, payload in sorted(rows[::-1], key=lambda one: one[1]):
            connection.execute("delete from raw where stream = ? and id = ? and version <= ?", [stream, id, version])
            connection.execute("insert or ignore into raw values (?, ?, ?, ?)", [stream, id, version, payload])
        connection.execute("delete from positions where stream = ?", [stream])
        connection.execute("insert into positions values (?, ?)", [stream, position])
        connection.commit()
    except BaseException:
        connection.rollback()
        raise

if "warehouse" not in globals() and "new_warehouse" in globals():
    warehouse = new_warehouse("main")
# %% list_since
def list_since(ask, path, watermark, look_back) -> list:
    def pages(cursor=None):
        params = {"limit": 100}
        if watermark is not None:
            params["created[gte]"] = watermark - look_back
        if cursor:
            params["starting_after"] = cursor
        page = ask(path, params)
        return page["data"] + (pages(page["data"][-1]["id"]) if page["has_more"] else [])
    return pages()
# %% get
def get(url, api_key, params, sleep) -> dict:
    def wait(n, header=None):
        sleep(max(random.uniform(2 ** (n - 1), 2 ** n), float(header or 0)))

    for n in range(1, 6):
        try:
            answer = requests.get(url, auth=(api_key, ""), params=params, timeout=10)
        except requests.exceptions.RequestException as error:
            if n == 5 and isinstance(error, requests.exceptions.ConnectionError):
                raise
            if n == 5:
                raise ConnectionError("cut short five times") from error
            wait(n)
            continue
        status = answer.status_code
        if status == 200:
            return answer.json()
        if status in {401, 403}:
            raise PermissionError("key *" + api_key[-4:])
        if status not in {429, *range(500, 600)}:
            raise ValueError(answer.text)
        if n == 5:
            raise ConnectionError(f"{status} five times")
        wait(n, answer.headers.get("Retry-After"))
