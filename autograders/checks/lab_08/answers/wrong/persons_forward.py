"""Gives a device to whom it had before."""
# loses: check_people_told_apart
# %% persons
def persons(records) -> list:
    known, who = {}, [""] * len(records)
    for n in sorted(range(len(records)), key=lambda n: records[n]["time_ms"]):
        device, user = records[n]["device_id"], records[n]["user_id"]
        if user:
            known[device] = user
        who[n] = user or known.get(device, device)
    return who
