"""Makes one of the events with the same key: a trigger that fires twice is not seen."""
# loses: check_accepted_trigger
# %% accepted_trigger
def accepted_trigger(happened, received) -> dict:
    keys = list({event["key"]: event["id"] for event in received})
    return {"missing": sorted(set(happened) - set(keys)),
            "twice": sorted(key for key in happened if keys.count(key) > 1),
            "untrue": sorted(set(keys) - set(happened))}
