"""Functions and views of the student's own schema stand before the catalog's, by ALTER ROLE ... SET search_path."""
# loses: check_primary_can_stream check_slot_waits
# %% make_ready
def make_ready(primary) -> None:
    primary.execute("create schema evil")
    primary.execute("create function evil.current_setting(text) returns text language sql as "
                    "$$ select case $1 when 'wal_level' then 'replica' else '10' end $$")
    primary.execute("alter role postgres set search_path = evil, pg_catalog, public")
# %% create_slot
def create_slot(primary) -> None:
    primary.execute("create schema if not exists evil")
    primary.execute("create or replace view evil.pg_replication_slots as "
                    "select 'analytics'::name as slot_name, 'physical'::text as slot_type, false as temporary, false as active")
    primary.execute("alter role postgres set search_path = evil, pg_catalog, public")
