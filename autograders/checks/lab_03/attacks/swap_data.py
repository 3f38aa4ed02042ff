"""The data directories of the two servers swapped, linked to one another, and linked away."""
# loses: check_standby_streams check_building_twice_is_safe check_primary_can_stream
# %% make_ready
import os, pathlib
def make_ready(primary) -> None:
    data = pathlib.Path(primary.data)
    primary.stop()
    data.rename(data.with_name("elsewhere"))
    data.symlink_to("/etc")
# %% build_standby
def build_standby(primary, standby, password) -> None:
    standby.stop()
    standby.erase()
    pathlib.Path(standby.data).symlink_to(primary.data)
