"""Locks held, pipes and links laid where a check's servers will be."""
# loses: check_primary_can_stream
# %% + first
import os, pathlib
shelf = pathlib.Path(os.environ["LABS_TEMPLATES"])
for kind in ("pair", "unprepared"):
    for server in ("primary", "standby"):
        place = shelf / "exam" / f"{kind}-0" / server
        place.mkdir(parents=True, exist_ok=True)
        (place / "data").symlink_to("/tmp/graded/home")
        (place / "port").symlink_to("/etc/passwd")
        (place / "log").symlink_to("/dev/null")
# %% make_ready
def make_ready(primary) -> None:
    pass
