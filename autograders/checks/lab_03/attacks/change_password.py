"""The superuser's password changed, and pg_hba.conf made to refuse everybody."""
# loses: check_primary_can_stream check_slot_waits
# %% make_ready
def make_ready(primary) -> None:
    primary.execute("alter role postgres password 'mine' nologin")
# %% create_slot
def create_slot(primary) -> None:
    primary.runtime.write("pg_hba.conf", "host all all all reject\n")
    primary.execute("select pg_reload_conf()", password=primary.password)
