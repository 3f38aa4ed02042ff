"""Keys are sorted as text: 1000 before 99."""
# loses: check_accepted_trigger
# %% accepted_trigger
def accepted_trigger(happened, received):
    by_id = {each["id"]: each["key"] for each in received}
    many = Counter(by_id.values())
    return {"missing": sorted((key for key in happened if not many[key]), key=str),
            "twice": sorted(key for key in happened if many[key] > 1),
            "untrue": sorted(key for key in many if many[key] and key not in set(happened))}
