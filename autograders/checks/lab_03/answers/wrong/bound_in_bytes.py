"""Bytes where megabytes are counted: a bound beyond any disk."""
# loses: check_slot_cannot_fill_the_disk
# %% bound_slots
def bound_slots(primary, megabytes) -> None:
    primary.configure(max_slot_wal_keep_size=megabytes * 1024)
