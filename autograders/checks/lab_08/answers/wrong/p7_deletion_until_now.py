"""Deletes what was there when it was asked for, and keeps what comes after."""
# loses: check_may_stay
# %% may_stay
def may_stay(records, requests) -> list:
    owners = {}
    for record in records:
        if record["user_id"] is not None:
            owners.setdefault(record["device_id"], set()).add(record["user_id"])

    def taken(record):
        people = {record["user_id"]} if record["user_id"] else owners.get(record["device_id"], set())
        return any(request["user_id"] in people and (record["time_ms"] <= request["time_ms"]) == (
            request["kind"] == "deletion") for request in requests)

    return [record for record in records if not taken(record)]
