"""Event triggers and rules that undo or refuse what a check does."""
# loses: check_lag_in_seconds check_waiting_for_fresh_data check_long_query_survives
# %% lag_seconds
def lag_seconds(primary, standby) -> float:
    primary.execute("create or replace function undo() returns event_trigger language plpgsql as $$ begin raise exception 'no'; end $$")
    if not primary.value("select 1 from pg_event_trigger"):
        primary.execute("create event trigger undo on ddl_command_start execute function undo()")
    return 0.0
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    primary.execute("create or replace function public.to_regclass(text) returns regclass language sql as $$ select 'orders'::regclass $$")
    primary.execute("alter role postgres set search_path = public, pg_catalog")
# %% favour_analysts
def favour_analysts(standby) -> None:
    standby.source.execute("create schema evil; create view evil.pg_settings as select 'max_standby_streaming_delay' as name, '90000' as setting")
    standby.source.execute("alter role postgres set search_path = evil, pg_catalog, public")
    standby.catch_up(within=10)
