"""Requests one after the other, devices from what is left."""
# loses: check_may_stay
# %% may_stay
def may_stay(records, requests):
    left = list(records)
    for request in requests:
        user = request["user_id"]
        devices = {r["device_id"] for r in left if r["user_id"] == user}
        left = [r for r in left if not (
            (r["user_id"] == user or r["user_id"] is None and r["device_id"] in devices)
            and (request["kind"] == "deletion" or r["time_ms"] >= request["time_ms"]))]
    return left
