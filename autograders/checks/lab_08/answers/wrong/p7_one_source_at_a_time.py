"""Knows a device only from the source in which somebody signed in."""
# loses: check_may_stay
# %% may_stay
def may_stay(records, requests) -> list:
    owners = {}
    for record in records:
        if record["user_id"] is not None:
            owners.setdefault((record["source"], record["device_id"]), set()).add(record["user_id"])

    def taken(record):
        of_device = owners.get((record["source"], record["device_id"]), set())
        people = {record["user_id"]} if record["user_id"] else of_device
        return any(request["user_id"] in people and (
            request["kind"] == "deletion" or record["time_ms"] >= request["time_ms"]) for request in requests)

    return [record for record in records if not taken(record)]
