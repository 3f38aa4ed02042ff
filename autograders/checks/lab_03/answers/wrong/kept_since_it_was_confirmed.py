"""Of a logical slot, counts what was not yet confirmed: it keeps more."""
# loses: check_slots_at_risk
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes):
    return [name for name, in primary.rows(
        "select slot_name from pg_replication_slots "
        "where pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(confirmed_flush_lsn, restart_lsn)) > %s",
        [warn_bytes])]
