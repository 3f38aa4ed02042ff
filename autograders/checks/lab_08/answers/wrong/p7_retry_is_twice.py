"""Takes an event that was uploaded again for a trigger that fires twice."""
# loses: check_accepted_trigger
# %% accepted_trigger
def accepted_trigger(happened, received) -> dict:
    keys = [event["key"] for event in received]
    return {"missing": sorted(set(happened) - set(keys)),
            "twice": sorted(key for key in happened if keys.count(key) > 1),
            "untrue": sorted(set(keys) - set(happened))}
