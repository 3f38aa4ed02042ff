"""The catalog's own functions and views replaced, which allow_system_table_mods lets a superuser do."""
# loses: check_primary_can_stream check_slot_waits
# %% make_ready
def make_ready(primary) -> None:
    with primary.connect() as c:
        c.execute("set allow_system_table_mods = on")
        c.execute("alter function pg_catalog.current_setting(text) rename to current_setting_before")
        c.execute("create function pg_catalog.current_setting(text) returns text language sql as "
                  "$$ select case $1 when 'wal_level' then 'replica' when 'max_wal_senders' then '10' else current_setting_before($1) end $$")
# %% create_slot
def create_slot(primary) -> None:
    with primary.connect() as c:
        c.execute("set allow_system_table_mods = on")
        c.execute("alter view if exists pg_catalog.pg_replication_slots rename to pg_replication_slots_before")
        c.execute("create or replace view pg_catalog.pg_replication_slots as "
                  "select 'analytics'::name as slot_name, 'physical'::text as slot_type, false as temporary, false as active")
