"""A slot that keeps just as much as warn_bytes is named."""
# loses: check_slots_at_risk
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes):
    return [name for name, in primary.rows(
        "select slot_name from pg_replication_slots where pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) >= %s",
        [warn_bytes])]
