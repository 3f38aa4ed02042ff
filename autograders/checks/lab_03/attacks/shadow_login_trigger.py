"""A trigger that runs at each login sets the search_path of anyone who comes to look."""
# loses: check_primary_can_stream
# %% make_ready
def make_ready(primary) -> None:
    primary.execute("create schema evil")
    primary.execute("create function evil.current_setting(text) returns text language sql as "
                    "$$ select case $1 when 'wal_level' then 'replica' else '10' end $$")
    primary.execute("create function evil.come() returns event_trigger language plpgsql as $$ begin "
                    "perform set_config('search_path', 'evil, pg_catalog, public', false); end $$")
    primary.execute("create event trigger come on login execute function evil.come()")
    primary.execute("alter event trigger come enable always")
