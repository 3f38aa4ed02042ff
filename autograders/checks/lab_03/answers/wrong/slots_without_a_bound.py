"""max_wal_size, which no slot heeds."""
# loses: check_slot_cannot_fill_the_disk
# %% bound_slots
def bound_slots(primary, megabytes) -> None:
    primary.configure(max_wal_size=f"{megabytes}MB")
