"""The standby's port file says the primary's port: anyone who asks the standby asks the primary."""
# loses: check_building_twice_is_safe check_waiting_for_fresh_data
# %% build_standby
import pathlib
def build_standby(primary, standby, password) -> None:
    (pathlib.Path(standby.data).parent / "port").write_text(str(primary.runtime.port))
# %% wait_until_fresh
def wait_until_fresh(primary, standby, within) -> None:
    (pathlib.Path(standby.data).parent / "port").write_text(str(primary.runtime.port))
