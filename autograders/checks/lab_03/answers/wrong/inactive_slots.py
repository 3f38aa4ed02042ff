"""All slots that nobody uses, whatever they keep."""
# loses: check_slots_at_risk
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes) -> list:
    return [name for name, in primary.rows("select slot_name from pg_replication_slots where not active order by 1")]
