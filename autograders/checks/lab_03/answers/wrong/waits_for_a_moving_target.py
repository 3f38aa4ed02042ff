"""Asks the primary again each time: never ends while the shop writes."""
# loses: check_waiting_for_fresh_data
# %% lag_bytes
def lag_bytes(primary, standby):
    return int(primary.value("select pg_wal_lsn_diff(pg_current_wal_lsn(), %s::pg_lsn)", [standby.wal_position()]))
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    end = time.time() + within
    while lag_bytes(primary, standby) > 0:
        if time.time() > end:
            raise TimeoutError("too late")
        time.sleep(0.05)
