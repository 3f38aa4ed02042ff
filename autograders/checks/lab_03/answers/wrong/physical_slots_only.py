"""Leaves out logical slots."""
# loses: check_slots_at_risk
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes):
    return [n for n, in primary.rows("select slot_name from pg_replication_slots where slot_type = 'physical' "
            "and pg_current_wal_lsn() - restart_lsn > %s", [warn_bytes])]
