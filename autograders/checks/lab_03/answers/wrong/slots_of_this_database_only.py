"""Physical ones and those of this database: a logical slot of another database is not seen."""
# loses: check_slots_at_risk
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes) -> list:
    return [name for name, in primary.rows(
        "select slot_name from pg_replication_slots where coalesce(database, current_database()) = "
        "current_database() and pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) > %s", [warn_bytes])]
