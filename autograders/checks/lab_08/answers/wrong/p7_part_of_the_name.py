"""user_1 is taken for user_10, too."""
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
        elif not record["user_id"].startswith(user):
            return False
        return request["kind"] == "deletion" or record["time_ms"] >= request["time_ms"]
    return [record for record in records
            if not any(takes(request, record) for request in requests)]
