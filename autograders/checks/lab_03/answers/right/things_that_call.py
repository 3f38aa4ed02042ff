"""Classes, closures, lambdas and generators stand where a function is asked for; Decimal comes back."""
# %% p95
p95 = lambda milliseconds: sorted(milliseconds)[round(0.95 * len(milliseconds)) - 1]
# %% create_slot
class CreateSlot:
    def __init__(self, name):
        self.name = name

    def __call__(self, primary) -> None:
        if (self.name,) not in primary.rows("select slot_name from pg_replication_slots"):
            primary.execute("select pg_create_physical_replication_slot(%s)", [self.name])

create_slot = CreateSlot("analytics")
# %% is_replicating
def both(*sides):
    return lambda primary, standby: all(side(primary, standby) for side in sides)

is_replicating = both(lambda primary, standby: standby.value("select status from pg_stat_wal_receiver") == "streaming",
                      lambda primary, standby: primary.row("select from pg_stat_replication where state = 'streaming'") is not None)
# %% lag_bytes
import functools

def behind(measure, primary, standby):
    return primary.value(measure, [standby.wal_position()])

lag_bytes = functools.partial(behind, "select pg_wal_lsn_diff(pg_current_wal_lsn(), %s::pg_lsn)")
# %% lag_seconds
class Lag:
    replayed = "select pg_last_wal_replay_lsn()"
    age = "select coalesce(extract(epoch from now() - pg_last_xact_replay_timestamp()), 0)"

    def __call__(self, primary, standby):
        missing = primary.value("select pg_wal_lsn_diff(pg_current_wal_lsn(), %s::pg_lsn)", [standby.value(self.replayed)])
        return standby.value(self.age) if missing > 0 else missing * 0

lag_seconds = Lag()
# %% wait_until_fresh
import itertools

def wait_until_fresh(primary, standby, within) -> None:
    def positions():
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            yield standby.wal_position()
            time.sleep(0.01)
    due = primary.wal_position()
    number = lambda text: tuple(int(part, 16) for part in text.split("/"))
    if not any(number(position) >= number(due) for position in positions()):
        raise TimeoutError(due)
# %% slots_at_risk
def slots_at_risk(primary, warn_bytes):
    for name, kept in primary.rows("select slot_name, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) from pg_replication_slots order by 1"):
        if kept and kept > warn_bytes:
            yield name
# %% bound_slots
bound_slots = lambda primary, megabytes: primary.configure(max_slot_wal_keep_size=megabytes)
# %% favour_analysts
favour_analysts = lambda standby: standby.configure(max_standby_streaming_delay=61_000)
