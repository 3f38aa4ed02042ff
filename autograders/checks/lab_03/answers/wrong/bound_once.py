"""Leaves a bound that is there, also if another one is asked for."""
# loses: check_slot_cannot_fill_the_disk
# %% bound_slots
def bound_slots(primary, megabytes):
    if primary.value("show max_slot_wal_keep_size") == "-1":
        primary.configure(max_slot_wal_keep_size=f"{megabytes}MB")
