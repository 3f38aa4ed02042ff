"""The status that PostgreSQL gives, which knows nothing of warn_bytes."""
# loses: check_slots_at_risk
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes) -> list:
    return [name for name, in primary.rows("select slot_name from pg_replication_slots where wal_status <> 'reserved' order by 1")]
