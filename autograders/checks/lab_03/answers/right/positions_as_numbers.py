"""Positions are numbers in Python, the age is by the primary's clock."""
# %% lag_bytes
def as_number(lsn):
    upper, lower = (int(part, 16) for part in str(lsn).split("/"))
    return (upper << 32) + lower

def lag_bytes(primary, standby):
    replayed = as_number(standby.value("select pg_last_wal_replay_lsn()::text"))
    written = as_number(primary.value("select pg_current_wal_lsn()::text"))
    return max(written - replayed, 0)
# %% lag_seconds
def lag_seconds(primary, standby):
    replayed, committed = standby.row("select pg_last_wal_replay_lsn()::text, pg_last_xact_replay_timestamp()")
    written, now = primary.row("select pg_current_wal_lsn()::text, clock_timestamp()")
    number = lambda lsn: [int(part, 16) for part in lsn.split("/")]
    if number(replayed) >= number(written):
        return 0.0
    return 0.0 if committed is None else max(0.0, (now - committed).total_seconds())
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within):
    """An Event that nobody sets is the clock; replayed() of the standby asks."""
    import threading, time
    end, never = time.monotonic() + within, threading.Event()
    position = primary.value("select pg_current_wal_lsn()::text")
    while True:
        if standby.replayed(position):
            return
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"standby has not replayed {position} within {within} s")
        never.wait(min(0.02, left))
