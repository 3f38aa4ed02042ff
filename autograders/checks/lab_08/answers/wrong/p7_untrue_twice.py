"""Counts what never happened as twice, too."""
# loses: check_accepted_trigger
# %% accepted_trigger
def accepted_trigger(happened, received) -> dict:
    keys = list({event["id"]: event["key"] for event in received}.values())
    return {"missing": sorted(set(happened) - set(keys)),
            "twice": sorted(key for key in set(keys) if keys.count(key) > 1),
            "untrue": sorted(set(keys) - set(happened))}
