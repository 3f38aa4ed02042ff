"""Rounds the bound up to whole WAL files: more than was said."""
# loses: check_slot_cannot_fill_the_disk
# %% bound_slots
def bound_slots(primary, megabytes):
    files = megabytes // 16 + 1
    primary.configure(max_slot_wal_keep_size=f"{files * 16}MB")
