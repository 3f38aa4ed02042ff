"""Deletes what was done before a withdrawal, too."""
# loses: check_may_stay
# %% may_stay
def may_stay(records, requests) -> list:
    gone = {request["user_id"] for request in requests}
    devices = {record["device_id"] for record in records if record["user_id"] in gone}
    return [record for record in records if record["user_id"] not in gone
            and not (record["user_id"] is None and record["device_id"] in devices)]
