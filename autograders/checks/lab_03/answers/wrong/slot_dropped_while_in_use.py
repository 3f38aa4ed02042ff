"""Drops and creates the slot first, which fails while the old standby streams through it."""
# loses: check_building_twice_is_safe
# %% build_standby
def build_standby(primary, standby, password):
    primary.execute("select pg_drop_replication_slot('analytics') from pg_replication_slots "
                    "where slot_name = 'analytics'")
    standby.stop()
    standby.erase()
    standby.run("pg_basebackup", "-d", primary.conninfo("replicator"), "-D", standby.data, "-C", "-S", "analytics",
                "-R", "-c", "fast", password=password)
    standby.start()
