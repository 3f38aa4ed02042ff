"""wal_keep_size: how much WAL is kept at least, not at most."""
# loses: check_slot_cannot_fill_the_disk
# %% bound_slots
def bound_slots(primary, megabytes) -> None:
    primary.configure(wal_keep_size=f"{megabytes}MB")
