"""Takes a slot in use for a standby that streams: another one may use it."""
# loses: check_replication_is_proven
# %% is_replicating
def is_replicating(primary, standby):
    active = primary.value("select active from pg_replication_slots where slot_name = 'analytics'")
    return bool(active) and standby.in_recovery()
