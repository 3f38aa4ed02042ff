"""The server is stopped, killed, and kept from starting."""
# loses: check_primary_can_stream check_slot_waits check_lag_in_bytes
# %% make_ready
import pathlib
def make_ready(primary) -> None:
    primary.runtime.kill()
# %% create_slot
def create_slot(primary) -> None:
    primary.stop("immediate")
    for file in ("pg_hba.conf", "postgresql.conf", "global/pg_control"):
        (pathlib.Path(primary.data) / file).unlink()
# %% lag_bytes
def lag_bytes(primary, standby) -> int:
    standby.stop("immediate")
    primary.stop("immediate")
    return 0
