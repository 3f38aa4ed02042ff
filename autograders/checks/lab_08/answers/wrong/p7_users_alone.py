"""Forgets what a person did before the sign-up."""
# loses: check_may_stay
# %% may_stay
def may_stay(records, requests) -> list:
    def taken(record):
        return any(request["user_id"] == record["user_id"] and (
            request["kind"] == "deletion" or record["time_ms"] >= request["time_ms"]) for request in requests)

    return [record for record in records if not taken(record)]
