"""Takes the records for sorted."""
# loses: check_people_told_apart
# %% persons
def persons(records) -> list:
    known, who = {}, [""] * len(records)
    for n in reversed(range(len(records))):
        device, user = records[n]["device_id"], records[n]["user_id"]
        if user:
            known[device] = user
        who[n] = user or known.get(device, device)
    return who
