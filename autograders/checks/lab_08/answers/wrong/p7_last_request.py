"""One request for each person: the last."""
# loses: check_may_stay
# %% may_stay
def may_stay(records, requests):
    devices = {}
    for record in records:
        if record["user_id"] is not None:
            devices.setdefault(record["user_id"], set()).add(record["device_id"])
    def takes(request, record):
        user = request["user_id"]
        if record["user_id"] is None:
            if record["device_id"] not in devices.get(user, set()):
                return False
        elif record["user_id"] != user:
            return False
        return request["kind"] == "deletion" or record["time_ms"] >= request["time_ms"]
    return [record for record in records
            if not any(takes(request, record) for request in {r["user_id"]: r for r in requests}.values())]
