"""Deletes all of a device, with what others did on it."""
# loses: check_may_stay
# %% may_stay
def may_stay(records, requests) -> list:
    owners = {}
    for record in records:
        if record["user_id"] is not None:
            owners.setdefault(record["device_id"], set()).add(record["user_id"])

    def taken(record):
        people = owners.get(record["device_id"], set())
        return any(request["user_id"] in people and (
            request["kind"] == "deletion" or record["time_ms"] >= request["time_ms"]) for request in requests)

    return [record for record in records if not taken(record)]
